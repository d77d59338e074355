// Read the packed arrays and columns of a page. docs/format.md is the format, geo/pack/columns.py the writer.

export const FORMAT_VERSION = 1;
export const OPEN_START = -2147483647;
export const OPEN_END = 2147483647;

const ARRAY_TYPES = {
  u8: Uint8Array, i8: Int8Array, u16: Uint16Array,
  u32: Uint32Array, i32: Int32Array, f64: Float64Array,
};

// The raw bytes of a blob. `tell(part)` hears how much is done, 0 to 1.
export async function decodeBlob(about, base64, tell = () => {}) {
  const bytes = bytesFromBase64(base64);
  if (!about.gzip) return bytes.buffer;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const raw = new Uint8Array(about.bytes);
  let n = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    raw.set(piece.value, n);
    n += piece.value.length;
    tell(n / about.bytes);
  }
  return raw.buffer;
}

function bytesFromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// A view into the buffer where nothing has to be undone.
export function readArray(buffer, [at, n, type, flags = ""]) {
  const Type = ARRAY_TYPES[type];
  const items = flags.includes("p") ? joinPlanes(new Uint8Array(buffer, at), n, Type) : new Type(buffer, at, n);
  return flags.includes("d") ? undoDelta(items) : items;
}

//  bytes: a0 b0 c0 ... a1 b1 c1 ...  ->  items of two or four bytes: a b c ...
//  Item by item: plane by plane it takes two to four times as long.
function joinPlanes(bytes, n, Type) {
  const items = new Type(n), second = n, third = 2 * n, fourth = 3 * n;
  if (Type.BYTES_PER_ELEMENT === 2) for (let i = 0; i < n; i++) items[i] = bytes[i] | (bytes[second + i] << 8);
  else {
    for (let i = 0; i < n; i++) {
      items[i] = bytes[i] | (bytes[second + i] << 8) | (bytes[third + i] << 16) | (bytes[fourth + i] << 24);
    }
  }
  return items;
}

function undoDelta(items) {
  const sums = new Int32Array(items.length);
  for (let i = 0, sum = 0; i < items.length; i++) {
    const code = items[i];
    sum = (sum + ((code >>> 1) ^ -(code & 1))) | 0;
    sums[i] = sum;
  }
  return sums;
}

// [3, 1, 2] -> [0, 3, 4, 6]: where each of some runs begins, and where the last ends.
export function startsOf(lengths) {
  const starts = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i] + lengths[i];
  return starts;
}

// Each text is cut out when it is asked for: a million strings would take 100 MB.
function textReader(buffer, { bytes, lengths }) {
  const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(readArray(buffer, bytes));
  const starts = startsOf(readArray(buffer, lengths));
  return (i) => whole.slice(starts[i], starts[i + 1]);
}

function readTexts(buffer, block) {
  const text = textReader(buffer, block);
  return Array.from({ length: block.lengths[1] }, (_, i) => text(i));
}

// A column as an object of small readers; what a cell does not have is "" or NaN.
//   text(i)    the cell as text              number(i)  the cell as a number
//   values, codes    of a dictionary or date column (code 0 = no value)
//   from, to         of a date column: the days of each value, since 1970-01-01
//   prefix           of a pattern column: what each cell begins with
export function readColumn(buffer, column) {
  const { type, prefix, width, base, nullable, scale = 0 } = column;
  if (type === "text") return textColumn({ type, text: textReader(buffer, column.text) });
  if (type === "float") {
    const values = readArray(buffer, column.values);
    return numberColumn((i) => values[i]);
  }
  const codes = readArray(buffer, column.codes);
  if (type === "int" || type === "pattern") {
    const divisor = 10 ** scale, number = (i) => (nullable && !codes[i] ? NaN : (codes[i] - nullable + base) / divisor);
    if (type === "int") return numberColumn(number);
    const text = (i) => (nullable && !codes[i] ? "" : prefix + String(number(i)).padStart(width, "0"));
    return textColumn({ type, prefix, text });
  }
  const values = readTexts(buffer, column.values);
  const text = (i) => (codes[i] ? values[codes[i] - 1] : "");
  if (type === "dict") return textColumn({ type, values, codes, text });
  const [from, to] = [readArray(buffer, column.from), readArray(buffer, column.to)];
  return { type, values, codes, from, to, text, number: (i) => (codes[i] ? from[codes[i] - 1] : NaN) };
}

function textColumn(column) {
  return { ...column, number: (i) => Number.parseFloat(column.text(i)) };
}

function numberColumn(number) {
  return { type: "number", number, text: (i) => (Number.isNaN(number(i)) ? "" : String(number(i))) };
}
