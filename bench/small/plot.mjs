// The plot of docs/benchmarks.md: CPU of small GETs, relative to each runtime's native fetch.
import * as echarts from 'echarts'
import { cpuRatio } from './report.mjs'

const SHOWN = ['ubiquest', 'undici dispatch', 'axios', 'got', 'ky', 'ofetch']
const COLORS = ['#2563eb', '#94a3b8', '#f59e0b', '#10b981', '#ec4899', '#8b5cf6']

/** @returns {string} SVG */
export function plot(rows) {
  const shown = rows.filter(({ scenario, inFlight }) => scenario === 'get' && inFlight === 50)
  const runtimes = [...new Set(shown.map(({ runtime }) => runtime))]
  const ratio = (runtime, client) => {
    const row = shown.find((each) => each.runtime === runtime && each.client === client)
    return row === undefined ? null : cpuRatio(row, rows)
  }
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 860, height: 420 })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLORS,
    title: {
      text: 'Small GETs, 50 in flight: how many times less CPU than native fetch',
      left: 'center',
      textStyle: { fontSize: 15 },
    },
    legend: { top: 40, itemGap: 24, data: SHOWN },
    grid: { left: 50, right: 20, top: 80, bottom: 30 },
    xAxis: { type: 'category', data: runtimes },
    yAxis: { type: 'value', axisLabel: { formatter: '{value} ×' } },
    series: SHOWN.map((client) => ({
      name: client,
      type: 'bar',
      barGap: 0,
      data: runtimes.map((runtime) => ratio(runtime, client)),
      // Native fetch itself.
      ...(client === 'ubiquest'
        ? {
            markLine: {
              silent: true,
              symbol: 'none',
              data: [{ yAxis: 1 }],
              label: { show: false },
            },
          }
        : {}),
    })),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return `${svg}\n`
}
