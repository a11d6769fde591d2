// Draws the charts from the tables of this page; without scripts the tables say all of it.
(function () {
  'use strict';
  const colours = ['#2c6e57', '#94701f', '#3f6f9e', '#a0523a', '#5f7d36', '#6a5896', '#2f7f78', '#6f6a62']; // all bear white text
  const soft = '#5c6b65';
  const line = '#dfe5e1';
  const whole = new Intl.NumberFormat('en-GB');

  const text = (cell) => cell.textContent.trim();

  /** Returns a name and a value for each row of a table that has one. */
  function rows(table) {
    return [...table.querySelectorAll('tbody tr, tfoot tr')]
      .filter((row) => row.querySelector('[data-value]'))
      .map((row) => ({
        name: text(row.querySelector('th')),
        value: Number(row.querySelector('[data-value]').dataset.value),
        said: text(row.querySelector('[data-value]')),
      }));
  }

  const base = {
    animation: false,
    color: colours,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: '#1d2a26' },
    aria: { enabled: false },
  };
  const plainAxis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: soft } };

  /** Returns, escaped, what a tooltip may show. */
  const escape = (value) => echarts.format.encodeHTML(String(value));

  const kinds = {
    segments(tables, figure) {
      const all = [...tables].map((table) => ({ name: text(table.querySelector('caption b')), rows: rows(table) }));
      all.reverse(); // the axis counts from below
      figure.style.height = 46 + 44 * all.length + 'px';
      const most = Math.max(...all.map((each) => each.rows.length));
      const series = [];
      for (let i = 0; i < most; i++) {
        series.push({
          type: 'bar',
          stack: 'all',
          barWidth: 24,
          itemStyle: { borderColor: '#fff', borderWidth: 1, color: colours[i % colours.length] },
          label: { show: true, color: '#fff', overflow: 'truncate', formatter: (p) => (p.value > 0.08 ? p.data.segment : '') },
          labelLayout: (p) => ({ width: p.rect.width - 10 }),
          data: all.map(({ rows: segments }) => {
            const sum = segments.reduce((total, row) => total + row.value, 0);
            const row = segments[i];
            return row && sum > 0
              ? { value: row.value / sum, segment: row.name, said: row.said }
              : { value: 0, segment: '', said: '' };
          }),
        });
      }
      return {
        ...base,
        grid: { left: 8, right: 28, top: 8, bottom: 24, containLabel: true },
        tooltip: { formatter: (p) => escape(p.name) + '<br><b>' + escape(p.data.segment) + '</b> ' + escape(p.data.said) + ' customers' },
        xAxis: { type: 'value', max: 1, ...plainAxis, splitLine: { show: false }, axisLabel: { color: soft, formatter: (v) => Math.round(100 * v) + ' %' } },
        yAxis: { type: 'category', data: all.map((each) => each.name), ...plainAxis, axisLabel: { color: '#1d2a26', fontWeight: 600 } },
        series,
      };
    },

    deciles(tables) {
      const all = rows(tables[0]);
      return {
        ...base,
        grid: { left: 8, right: 16, top: 24, bottom: 30, containLabel: true },
        tooltip: { formatter: (p) => 'Tenth ' + escape(p.name) + ': mean score <b>' + escape(p.data.said) + '</b>' },
        xAxis: { type: 'category', name: 'tenths of the customers, the best first', nameLocation: 'middle', nameGap: 26, nameTextStyle: { color: soft }, data: all.map((row) => row.name), ...plainAxis },
        yAxis: { type: 'value', name: 'mean score', nameTextStyle: { color: soft, align: 'left' }, ...plainAxis, splitLine: { lineStyle: { color: line } } },
        series: [{ type: 'bar', barMaxWidth: 56, itemStyle: { color: colours[0] }, data: all.map((row) => ({ value: row.value, said: row.said })), label: { show: true, position: 'top', color: soft, formatter: (p) => p.data.said } }],
      };
    },

    audience(tables) {
      const all = rows(tables[0]);
      let left = all[0].value;
      const floor = all.map((row, i) => {
        if (i === 0 || i === all.length - 1) {
          return 0;
        }
        left -= row.value;
        return left;
      });
      return {
        ...base,
        grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
        tooltip: { formatter: (p) => escape(p.name) + ': <b>' + escape(whole.format(p.data.value)) + '</b> customers' },
        xAxis: { type: 'category', data: all.map((row) => row.name), ...plainAxis, axisLabel: { color: soft, fontSize: 11, interval: 0, formatter: (name) => name.replaceAll('_', '\n') } },
        yAxis: { type: 'value', ...plainAxis, splitLine: { lineStyle: { color: line } } },
        series: [
          { type: 'bar', stack: 'all', silent: true, tooltip: { show: false }, itemStyle: { color: 'transparent' }, data: floor },
          {
            type: 'bar',
            stack: 'all',
            barMaxWidth: 72,
            label: { show: true, position: 'top', color: soft, formatter: (p) => p.data.said },
            data: all.map((row, i) => ({
              value: row.value,
              said: row.said,
              itemStyle: { color: i === 0 ? '#9db3a9' : i === all.length - 1 ? colours[0] : '#c8a04a' },
            })),
          },
        ],
      };
    },
  };

  const charts = [];
  for (const figure of document.querySelectorAll('figure[data-chart]')) {
    const tables = document.querySelectorAll(figure.dataset.tables);
    if (tables.length === 0) {
      continue;
    }
    figure.hidden = false;
    const options = kinds[figure.dataset.chart](tables, figure);
    const chart = echarts.init(figure, null, { renderer: 'svg' });
    chart.setOption(options);
    charts.push(chart);
  }
  const fit = () => charts.forEach((chart) => chart.resize());
  addEventListener('resize', fit);
  addEventListener('beforeprint', fit);
  addEventListener('afterprint', fit);
})();
