// What points and models are drawn with on the way from scan to relic.
//
// Both are opaque and drawn with depth: what is not there yet is discarded in grains, so nothing has to be sorted.

import { type BufferGeometry, Color, type Material, MeshStandardMaterial, ShaderMaterial, Vector2 } from 'three';

const CLAY = '#9a958d';
const GLOW = '#ffb469';
const UNCOLOURED = '#c4baac';
/** How far the front leans, and how deep the zone is in which grains come and go, in shares of half the picture. */
export const LEAN = 0.16;
export const DEPTH = 0.07;
/** Of the object's longest side. */
const POINT_SIZE = 0.0062;
const USUAL_NUMBER = 60_000;

const SHARED = `
  uniform vec2 picture;
  uniform vec4 fronts;
  float grain(vec3 at) {
    vec3 p = fract(at * vec3(0.1031, 0.1030, 0.0973));
    p += dot(p, p.yxz + 33.33);
    return fract((p.x + p.y) * p.z);
  }
  float across(vec2 ndc) { return ndc.x + ${LEAN.toFixed(3)} * ndc.y; }
`;

/**
 * What all of them follow. `fronts`: where points become form and where form becomes surface, both across the picture
 * (half its width is 1, see `across`), and how far each change has come, 0 to 1. `picture`: its size in pixels.
 */
export interface Sweep {
  picture: { value: Vector2 };
  fronts: { value: [number, number, number, number] };
  clay: { value: Color };
  glow: { value: Color };
}

export const createSweep = (): Sweep => ({
  picture: { value: new Vector2(1, 1) },
  fronts: { value: [0, 0, 1, 1] },
  clay: { value: new Color(CLAY) },
  glow: { value: new Color(GLOW) },
});

/** Teach a material to be clay before its colours come, and not to be there before the points are joined. */
export function mould(material: Material, sweep: Sweep): void {
  if (!(material instanceof MeshStandardMaterial) || material.userData.moulded) return;
  material.userData.moulded = true;
  material.customProgramCacheKey = () => 'from scan';
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, sweep);
    shader.vertexShader = shader.vertexShader
      .replace('void main() {', 'varying vec3 place_at;\nvoid main() {\n  place_at = position;');
    shader.fragmentShader = shader.fragmentShader
      .replace('void main() {', `
        varying vec3 place_at;
        uniform vec3 clay;
        uniform vec3 glow;
        ${SHARED}
        void main() {
          float place_across = across(gl_FragCoord.xy / picture * 2.0 - 1.0);
          float place_grain = grain(floor(place_at * 430.0) + 7.0);
          float unformed = (place_across - fronts.x) / ${DEPTH.toFixed(3)};
          if (fronts.z < 1.0 && unformed > place_grain * 2.0 - 1.0) discard;
          float uncoloured = fronts.w < 1.0
            ? smoothstep(-0.35, 0.35, (place_across - fronts.y) / ${DEPTH.toFixed(3)} + place_grain * 0.5 - 0.25) : 0.0;
      `)
      .replace('#include <color_fragment>', `#include <color_fragment>
        diffuseColor.rgb = mix(diffuseColor.rgb, clay, uncoloured);`)
      .replace('#include <roughnessmap_fragment>', `#include <roughnessmap_fragment>
        roughnessFactor = mix(roughnessFactor, 0.86, uncoloured);`)
      .replace('#include <metalnessmap_fragment>', `#include <metalnessmap_fragment>
        metalnessFactor *= 1.0 - uncoloured;`)
      .replace('#include <lights_physical_fragment>', `#include <lights_physical_fragment>
        #ifdef USE_CLEARCOAT
          material.clearcoat *= 1.0 - uncoloured;
        #endif
        #ifdef USE_SHEEN
          material.sheenColor *= 1.0 - uncoloured;
        #endif`)
      .replace('#include <emissivemap_fragment>', `#include <emissivemap_fragment>
        float wet = fronts.z < 1.0 ? exp(-unformed * unformed * 3.0) * step(0.001, fronts.z) : 0.0;
        float line = (place_across - fronts.y) / ${DEPTH.toFixed(3)};
        wet += fronts.w < 1.0 ? exp(-line * line * 14.0) * 0.55 * step(0.001, fronts.w) : 0.0;
        totalEmissiveRadiance += glow * wet * 0.42;`);
  };
}

/** Round points that shrink with distance, dimmer towards the back; they go in grains as the front passes. */
export function cloudMaterial(geometry: BufferGeometry, sweep: Sweep, longest: number): ShaderMaterial {
  const count = geometry.attributes.position?.count ?? 0;
  const is_coloured = 'color' in geometry.attributes;
  return new ShaderMaterial({
    name: 'raw points',
    defines: is_coloured ? { COLOURED: '' } : {},
    uniforms: {
      ...sweep,
      pixels: { value: 1 },
      middle: { value: 1 },
      longest: { value: longest },
      // fewer points are drawn larger, so that a thin scan is seen as well
      across_m: { value: longest * POINT_SIZE * Math.min(2, Math.max(1, Math.sqrt(USUAL_NUMBER / Math.max(1, count)))) },
      gain: { value: exposureOf(geometry) },
      plain: { value: new Color(UNCOLOURED) },
    },
    vertexShader: `
      uniform float pixels, middle, longest, across_m, gain;
      uniform vec3 plain, glow;
      ${SHARED}
      #ifdef COLOURED
        attribute vec3 color;
      #endif
      varying vec3 shade;
      void main() {
        vec4 seen = modelViewMatrix * vec4(position, 1.0);
        gl_Position = projectionMatrix * seen;
        float lot = grain(position * 4711.0 + 3.0);
        float ahead = (across(gl_Position.xy / gl_Position.w) - fronts.x) / ${DEPTH.toFixed(3)};
        // what stands beside the object goes by its lot: first what the front never meets, and at last all the rest
        float alive = max(clamp(ahead + lot, 0.0, 1.0), step(fronts.z * 6.0, lot));
        alive *= 1.0 - smoothstep(0.8, 1.0, fronts.z + (lot - 0.5) * 0.2);
        if (fronts.z <= 0.0) alive = 1.0;
        float wet = exp(-ahead * ahead * 1.5) * step(0.001, fronts.z);
        #ifdef COLOURED
          vec3 own = color * gain;
        #else
          vec3 own = plain;
        #endif
        float back = clamp((-seen.z - middle) / longest + 0.5, 0.0, 1.0);
        shade = own * mix(1.25, 0.32, back) + glow * wet * 0.35;
        gl_PointSize = clamp(across_m * pixels / -seen.z, 1.6, 40.0) * alive * (1.0 + 0.5 * wet);
        if (alive <= 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
      }`,
    fragmentShader: `
      varying vec3 shade;
      void main() {
        vec2 off = gl_PointCoord * 2.0 - 1.0;
        float away = dot(off, off);
        if (away > 1.0) discard;
        gl_FragColor = vec4(shade * (1.08 - 0.3 * away), 1.0);
        #include <tonemapping_fragment>
        #include <colorspace_fragment>
      }`,
  });
}

/** Scans are often dim: how much brighter their points are shown, as a photograph is exposed. */
function exposureOf(geometry: BufferGeometry): number {
  const colors = geometry.attributes.color;
  if (!colors?.count) return 1;
  const step = Math.max(1, Math.floor(colors.count / 500));
  const light: number[] = [];
  for (let index = 0; index < colors.count; index += step) {
    light.push(Math.max(colors.getX(index), colors.getY(index), colors.getZ(index)));
  }
  light.sort((a, b) => a - b);
  return Math.min(3, Math.max(1, 0.26 / Math.max(1e-3, light[Math.floor(light.length * 0.6)]!)));
}
