// The soft dark patch where an object meets what it stands on: rendered once from below, blurred, laid under it.

import {
  DoubleSide, Mesh, MeshBasicMaterial, NoBlending, NoToneMapping, type Object3D, OrthographicCamera, PlaneGeometry,
  Scene, ShaderMaterial, type Texture, type WebGLRenderer, WebGLRenderTarget,
} from 'three';

export interface ContactShadow {
  object3d: Mesh;
  /** 1 is its whole darkness, 0 none. */
  setStrength(share: number): void;
  dispose(): void;
}

const STRENGTH = 0.75;

/** Nearer to the floor is darker: `reach` is the height (metres) from which nothing darkens it. */
const coverage = (reach: number): ShaderMaterial =>
  new ShaderMaterial({
    uniforms: { reach: { value: reach } },
    vertexShader: `
      varying float height;
      void main() {
        vec4 world = modelMatrix * vec4(position, 1.0);
        height = world.y;
        gl_Position = projectionMatrix * viewMatrix * world;
      }`,
    fragmentShader: `
      uniform float reach;
      varying float height;
      void main() {
        float near = clamp(1.0 - height / reach, 0.0, 1.0);
        gl_FragColor = vec4(0.0, 0.0, 0.0, near * near);
      }`,
    side: DoubleSide,
    blending: NoBlending,
  });

const blur = (): ShaderMaterial =>
  new ShaderMaterial({
    uniforms: { picture: { value: null }, step: { value: [0, 0] } },
    vertexShader: `
      varying vec2 place;
      void main() { place = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }`,
    fragmentShader: `
      uniform sampler2D picture;
      uniform vec2 step;
      varying vec2 place;
      void main() {
        float sum = 0.0;
        float weights = 0.0;
        for (int i = -8; i <= 8; i++) {
          float weight = exp(-float(i * i) / 28.0);
          sum += texture2D(picture, place + step * float(i)).a * weight;
          weights += weight;
        }
        gl_FragColor = vec4(0.0, 0.0, 0.0, sum / weights);
      }`,
    blending: NoBlending,
    depthTest: false,
  });

/**
 * Make the contact shadow of `object`, which stands at the origin on y = 0.
 *
 * Parameters: `across` is the side of the square patch in metres, `size_px` that of its picture.
 */
export function createContactShadow(renderer: WebGLRenderer, object: Object3D, across: number, size_px = 256): ContactShadow {
  const sharp = new WebGLRenderTarget(size_px, size_px);
  const soft = new WebGLRenderTarget(size_px, size_px, { depthBuffer: false });
  paint(renderer, object, across, sharp, soft);
  soft.dispose();
  const material = new MeshBasicMaterial({
    map: sharp.texture, transparent: true, opacity: STRENGTH, depthWrite: false, toneMapped: false,
    polygonOffset: true, polygonOffsetFactor: -1, polygonOffsetUnits: -1,
  });
  const patch = new Mesh(new PlaneGeometry(across, across).rotateX(-Math.PI / 2), material);
  patch.renderOrder = -1;
  return {
    object3d: patch,
    setStrength: (share) => { material.opacity = STRENGTH * share; },
    dispose: () => {
      patch.removeFromParent();
      patch.geometry.dispose();
      material.dispose();
      sharp.dispose();
    },
  };
}

function paint(renderer: WebGLRenderer, object: Object3D, across: number, sharp: WebGLRenderTarget, soft: WebGLRenderTarget): void {
  const from_below = new OrthographicCamera(-across / 2, across / 2, across / 2, -across / 2, 0, across);
  from_below.position.y = -0.01;
  // Seen from below with +Z upwards in the picture, which the patch's texture coordinates undo.
  from_below.up.set(0, 0, 1);
  from_below.lookAt(0, 1, 0);
  const stage = new Scene();
  const shader = coverage(across * 0.3);
  stage.overrideMaterial = shader;
  const parent = object.parent;
  stage.add(object);

  const screen = new Scene();
  const filter = blur();
  screen.add(new Mesh(new PlaneGeometry(2, 2), filter));

  const before = { target: renderer.getRenderTarget(), toneMapping: renderer.toneMapping, xr: renderer.xr.enabled };
  renderer.toneMapping = NoToneMapping;
  renderer.xr.enabled = false;
  renderer.setClearAlpha(0);
  renderer.setRenderTarget(sharp);
  renderer.clear();
  renderer.render(stage, from_below);
  const pass = (source: Texture, target: WebGLRenderTarget, x: number, y: number): void => {
    filter.uniforms.picture!.value = source;
    filter.uniforms.step!.value = [x / sharp.width, y / sharp.height];
    renderer.setRenderTarget(target);
    renderer.render(screen, from_below);
  };
  for (const width of [1.6, 0.8].map((texels) => (texels * sharp.width) / 256)) {
    pass(sharp.texture, soft, width, 0);
    pass(soft.texture, sharp, 0, width);
  }
  renderer.setRenderTarget(before.target);
  renderer.toneMapping = before.toneMapping;
  renderer.xr.enabled = before.xr;

  stage.remove(object);
  parent?.add(object);
  shader.dispose();
  filter.dispose();
}
