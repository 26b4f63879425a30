// Read-outs and zoom, and nothing else: without this the page is complete.
(() => {
  'use strict';
  const start = Date.parse(document.body.dataset.from), length = +document.body.dataset.seconds;
  const charts = [...document.querySelectorAll('[data-time]')].map(figure => ({
    figure, plot: figure.querySelector('.plot'), svg: figure.querySelector('.plot svg'), axis: figure.querySelector('.x'), source: figure.querySelector('script'),
  }));
  let from = 0, until = 1;
  const number = new Intl.NumberFormat('en', { maximumFractionDigits: 10 });
  const steps = [60, 300, 900, 3600, 10800, 21600, 43200, 86400, 172800, 432000, 864000, 1296000, 2592000, 5184000, 15552000, 31536000];
  const time = (ms, seconds) => new Date(ms).toISOString().replace('T', ' ').slice(0, seconds ? 19 : 16);

  // What is in a chart is read when somebody first points at it.
  const series = chart => chart.series ??= (chart.source ? JSON.parse(chart.source.textContent) : []).map(([name, deltas, values]) => {
    let at = 0;
    return { name, times: deltas.map(delta => at += delta), values };
  });

  const nearest = (times, at) => {
    let low = 0, high = times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle] > at) high = middle; else low = middle;
    }
    return Math.abs(times[high] - at) < Math.abs(times[low] - at) ? high : low;
  };

  const show = () => {
    const span = until - from, step = steps.find(step => span * length / step <= 7) ?? steps.at(-1);
    for (const { svg, axis } of charts) {
      const height = svg.viewBox.baseVal.height;
      svg.setAttribute('viewBox', `${1000 * from} 0 ${1000 * span} ${height}`);
      axis.replaceChildren();
      const first = start + from * length * 1000;
      for (let at = Math.ceil(first / (step * 1000)) * step * 1000; at <= start + until * length * 1000; at += step * 1000) {
        const label = document.createElement('span');
        label.style.left = `${100 * ((at - start) / 1000 / length - from) / span}%`;
        label.textContent = new Date(at).toLocaleString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', ...(step < 86400 ? { hour: '2-digit', minute: '2-digit' } : {}) });
        axis.append(label);
      }
    }
  };

  for (const chart of charts) {
    const { plot } = chart;
    const cross = document.createElement('div'), read = document.createElement('div'), box = document.createElement('div');
    cross.className = 'cross'; read.className = 'read'; box.className = 'zoom';
    let pressed = null;
    const share = event => {
      const area = plot.getBoundingClientRect();
      return Math.min(1, Math.max(0, (event.clientX - area.left) / area.width));
    };
    const leave = () => { cross.remove(); read.remove(); box.remove(); pressed = null; };
    plot.addEventListener('pointermove', event => {
      const at = share(event), seconds = (from + at * (until - from)) * length;
      cross.style.left = `${100 * at}%`;
      const lines = series(chart).filter(line => line.times.length > 0).map(line => {
        const i = nearest(line.times, seconds);
        return `${line.name}: ${number.format(line.values[i])}  (${time(start + line.times[i] * 1000)})`;
      });
      read.textContent = lines.length > 0 ? lines.join('\n') : time(start + seconds * 1000, true);
      read.style.left = at < .5 ? `calc(${100 * at}% + 10px)` : ''; read.style.right = at < .5 ? '' : `calc(${100 * (1 - at)}% + 10px)`;
      plot.append(cross, read);
      if (pressed !== null) {
        box.style.left = `${100 * Math.min(at, pressed)}%`; box.style.width = `${100 * Math.abs(at - pressed)}%`;
        plot.append(box);
      }
    });
    plot.addEventListener('pointerdown', event => { if (event.pointerType === 'mouse' && event.button === 0) { pressed = share(event); plot.setPointerCapture(event.pointerId); } });
    plot.addEventListener('pointerup', event => {
      const at = share(event), began = pressed;
      leave();
      if (began === null || Math.abs(at - began) < .01) return;
      const span = until - from, [low, high] = at < began ? [at, began] : [began, at];
      [from, until] = [from + low * span, from + high * span];
      show();
    });
    plot.addEventListener('pointerleave', leave);
    plot.addEventListener('pointercancel', leave);
    plot.addEventListener('dblclick', () => { [from, until] = [0, 1]; show(); });
  }
})();
