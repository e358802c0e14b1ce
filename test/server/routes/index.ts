/** All routes of the main listeners, by the first segment of the path. */
import type { Handler, Routes } from '../call.ts'
import { accountRoutes } from './account.ts'
import { bytesRoutes } from './bytes.ts'
import { codedRoutes } from './coded.ts'
import { digestRoutes } from './digest.ts'
import { echoRoutes } from './echo.ts'
import { sessionRoutes } from './session.ts'
import { slowRoutes } from './slow.ts'
import { statusRoutes } from './status.ts'
import { textRoutes } from './text.ts'
import { tlsRoutes } from './tls.ts'
import { uploadRoutes } from './upload.ts'

export const appRoutes: Routes = {
  ...accountRoutes,
  ...echoRoutes,
  ...discarding({
    ...statusRoutes,
    ...sessionRoutes,
    ...digestRoutes,
    ...codedRoutes,
    ...bytesRoutes,
    ...textRoutes,
    ...tlsRoutes,
  }),
  ...slowRoutes,
  ...uploadRoutes,
}

/** Routes that do not look at the body drop it: behind unread bytes Node sees no client leave. */
function discarding(routes: Routes): Routes {
  const wrapped = Object.entries(routes).map(([name, handler]): [string, Handler] => [
    name,
    (call) => {
      call.request.resume()
      return handler(call)
    },
  ])
  return Object.fromEntries(wrapped)
}
