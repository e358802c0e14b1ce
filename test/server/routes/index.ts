/** All routes of the main listeners, by the first segment of the path. */
import type { Routes } from '../call.ts'
import { bytesRoutes } from './bytes.ts'
import { codedRoutes } from './coded.ts'
import { echoRoutes } from './echo.ts'
import { sessionRoutes } from './session.ts'
import { slowRoutes } from './slow.ts'
import { statusRoutes } from './status.ts'
import { textRoutes } from './text.ts'
import { uploadRoutes } from './upload.ts'

export const appRoutes: Routes = {
  ...echoRoutes,
  ...statusRoutes,
  ...sessionRoutes,
  ...codedRoutes,
  ...bytesRoutes,
  ...textRoutes,
  ...slowRoutes,
  ...uploadRoutes,
}
