# What Python's requests needs for the same: milliseconds and growth of memory (MiB).
import json, resource, sys, time
import requests

url, path = sys.argv[1:3]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
cpu = time.process_time()
started = time.perf_counter()
with requests.get(url, stream=True) as response, open(path, 'wb') as file:
    for chunk in response.iter_content(65536):
        file.write(chunk)
ms = (time.perf_counter() - started) * 1000
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({'ms': ms, 'cpu': (time.process_time() - cpu) * 1000, 'growth': grown / 1024}))
