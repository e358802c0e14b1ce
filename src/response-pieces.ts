/** All that loops over a body (layer 2), loaded with the first loop. */
export { iterateChunks, iterateLines, iterateText } from './response-iterate.ts'
export { iterateEvents, iterateJSON } from './response-records.ts'
