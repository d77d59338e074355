// Distances on the WGS 84 ellipsoid, and the great circle drawn between two places. Places are [lat, lon] in degrees.

export const EQUATOR_M = 6378137; // the radius there
const FLATTENING = 1 / 298.257223563, POLE_M = EQUATOR_M * (1 - FLATTENING);
const RADIAN = Math.PI / 180;

// Vincenty's inverse formula (Survey Review 176, 1975) is good to a millimetre, but finds nothing between places almost
// opposite each other: there the shortest of the ways through all points a quarter of the globe away is as good.
export function geodesicMetres(a, b) {
  const metres = vincentyMetres(a, b);
  if (metres >= 0) return metres;
  const middles = Array.from({ length: 720 }, (_, at) => quarterAway(a, (at / 2) * RADIAN));
  return Math.min(...middles.map((middle) => vincentyMetres(a, middle) + vincentyMetres(middle, b)));
}

function vincentyMetres([lat1, lon1], [lat2, lon2]) {
  const f = FLATTENING, difference = shorterWay(lon2 - lon1) * RADIAN;
  const [u1, u2] = [lat1, lat2].map((lat) => Math.atan((1 - f) * Math.tan(lat * RADIAN)));
  const sines = Math.sin(u1) * Math.sin(u2), cosines = Math.cos(u1) * Math.cos(u2);
  for (let lambda = difference, last = Infinity, round = 0; round < 100 && Math.abs(lambda) <= Math.PI; round++) {
    const northwards = Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda);
    const sinS = Math.hypot(Math.cos(u2) * Math.sin(lambda), northwards);
    const cosS = sines + cosines * Math.cos(lambda), sigma = Math.atan2(sinS, cosS);
    if (sinS < 1e-14) return cosS > 0 ? 0 : NaN;
    const sinAlpha = (cosines * Math.sin(lambda)) / sinS, cos2Alpha = 1 - sinAlpha ** 2;
    const cos2M = cos2Alpha ? cosS - (2 * sines) / cos2Alpha : 0; // 0 along the equator
    if (Math.abs(lambda - last) < 1e-12) {
      const k = cos2Alpha * ((EQUATOR_M / POLE_M) ** 2 - 1);
      const A = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)));
      const B = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)));
      const fine = (B / 6) * cos2M * (4 * sinS ** 2 - 3) * (4 * cos2M ** 2 - 3);
      return POLE_M * A * (sigma - B * sinS * (cos2M + (B / 4) * (cosS * (2 * cos2M ** 2 - 1) - fine)));
    }
    const C = (f / 16) * cos2Alpha * (4 + f * (4 - 3 * cos2Alpha));
    last = lambda;
    lambda = difference + (1 - C) * f * sinAlpha * (sigma + C * sinS * (cos2M + C * cosS * (2 * cos2M ** 2 - 1)));
  }
  return NaN;
}

// The place a quarter of the globe away, in a direction clockwise from north.
function quarterAway([lat, lon], azimuth) {
  const sin = Math.cos(lat * RADIAN) * Math.cos(azimuth);
  const east = Math.atan2(Math.sin(azimuth) * Math.cos(lat * RADIAN), -Math.sin(lat * RADIAN) * sin);
  return [Math.asin(sin) / RADIAN, lon + east / RADIAN];
}

// A place for every degree of the great circle from a to b. Longitudes run on beyond 180, so that no line jumps back.
export function greatCircle(a, b) {
  const [u, v] = [a, b].map(([lat, lon]) => [
    Math.cos(lat * RADIAN) * Math.cos(lon * RADIAN),
    Math.cos(lat * RADIAN) * Math.sin(lon * RADIAN),
    Math.sin(lat * RADIAN),
  ]);
  const arc = Math.acos(Math.min(1, u[0] * v[0] + u[1] * v[1] + u[2] * v[2]));
  const steps = Math.max(1, Math.ceil(arc / RADIAN));
  const places = [a];
  for (let step = 1; step <= steps; step++) {
    const share = step / steps;
    const [x, y, z] = u.map((part, k) => Math.sin((1 - share) * arc) * part + Math.sin(share * arc) * v[k]);
    const [lat, lon] = step === steps ? b : [Math.atan2(z, Math.hypot(x, y)) / RADIAN, Math.atan2(y, x) / RADIAN];
    const [, before] = places.at(-1);
    places.push([lat, before + shorterWay(lon - before)]);
  }
  return places;
}

// Degrees of longitude as the shorter way round: -180 to 180.
function shorterWay(degrees) {
  return degrees - 360 * Math.round(degrees / 360);
}
