// What a Map holds under a key, made once.
export function madeOnce(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}
