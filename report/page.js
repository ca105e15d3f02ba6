/* A click on a heading sorts its table; without this script the tables stand as they were written. */
'use strict';

/* A cell's number in full precision, its text where it has none; null where it is empty. */
function keyOf(cell) {
  const data = cell.querySelector('data');
  const text = (data ? data.value : cell.textContent).trim();
  if (text === '') {
    return null;
  }
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/* Numbers before texts; what is empty stays last in both directions. */
function compare(a, b, sign) {
  if (a === null || b === null) {
    return (a === null) - (b === null);
  }
  if (typeof a !== typeof b) {
    return typeof a === 'number' ? -1 : 1;
  }
  return sign * (typeof a === 'number' ? a - b : a.localeCompare(b));
}

function sort(heading) {
  const isAscending = heading.getAttribute('aria-sort') !== 'ascending';
  for (const other of heading.parentNode.children) {
    other.removeAttribute('aria-sort');
  }
  heading.setAttribute('aria-sort', isAscending ? 'ascending' : 'descending');
  const body = heading.closest('table').tBodies[0];
  const rows = Array.from(body.rows, (row) => ({row, key: keyOf(row.cells[heading.cellIndex])}));
  rows.sort((a, b) => compare(a.key, b.key, isAscending ? 1 : -1));
  body.append(...rows.map((entry) => entry.row));
}

for (const heading of document.querySelectorAll('table.sortable thead th')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...heading.childNodes);
  button.addEventListener('click', () => sort(heading));
  heading.append(button);
}
