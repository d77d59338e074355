// What is made once, and kept.

// What a Map holds under a key, made where it is not there yet.
export function madeOnce(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}
