// The Basis transcoder that three ships compiles its bindings from strings, which a Content-Security-Policy without
// 'unsafe-eval' forbids (mrdoob/three.js issue 34389). This Vite plugin swaps the two functions that do so for closures
// with the same behaviour: what Emscripten itself writes with -sDYNAMIC_EXECUTION=0.
import type { Plugin } from 'vite';

/** Calls a bound C++ function: arguments to the wire, call, clean up, result from the wire. */
const INVOKER = `function craftInvokerFunction(humanName, argTypes, classType, invoker, target) {
  if (argTypes.length < 2) throwBindingError("argTypes array size mismatch! Must at least get return value and 'this' types!");
  var isMethod = argTypes[1] !== null && classType !== null;
  var needsStack = usesDestructorStack(argTypes);
  var returns = argTypes[0].name !== "void";
  var expected = argTypes.length - 2;
  return createNamedFunction(humanName, function (...given) {
    if (given.length !== expected) throwBindingError(\`function \${humanName} called with \${given.length} arguments, expected \${expected}\`);
    var destructors = needsStack ? [] : null;
    var types = isMethod ? argTypes.slice(1) : argTypes.slice(2);
    var wired = (isMethod ? [this, ...given] : given).map((value, i) => types[i]["toWireType"](destructors, value));
    var result = invoker(target, ...wired);
    if (needsStack) runDestructors(destructors);
    else wired.forEach((value, i) => { if (types[i].destructorFunction !== null) types[i].destructorFunction(value); });
    if (returns) return argTypes[0]["fromWireType"](result);
  });
}`;

/** Calls a JavaScript function from C++: kind 0 is a method, kind 1 a constructor. */
const METHOD_CALLER = `var __emval_get_method_caller = (argCount, argTypes, kind) => {
  var [retType, ...types] = emval_lookupTypes(argCount, argTypes);
  var name = \`methodCaller<(\${types.map((t) => t.name).join(", ")}) => \${retType.name}>\`;
  return emval_addMethodCaller(createNamedFunction(name, (obj, func, destructorsRef, args) => {
    var offset = 0;
    var values = types.map((type) => {
      var value = type.readValueFromPointer(args + offset);
      offset += type["argPackAdvance"];
      return value;
    });
    var result = kind === 1 ? Reflect.construct(func, values) : func.call(kind === 0 ? obj : values.shift(), ...values);
    if (!retType.isVoid) return emval_returnValue(retType, destructorsRef, result);
  }));
};`;

const SWAPS = [
  { from: 'function craftInvokerFunction(', to: 'var __embind_register_class_constructor=', by: INVOKER },
  { from: 'var __emval_get_method_caller=', to: 'var __emval_get_module_property=', by: METHOD_CALLER },
];

/** `code` of the transcoder without anything that compiles strings; throws when it is not the code this was written for. */
export function withoutEval(code: string): string {
  for (const { from, to, by } of SWAPS) {
    const start = code.indexOf(from);
    const end = code.indexOf(to, start);
    if (start < 0 || end < 0) throw new Error(`The Basis transcoder has changed: '${from}' is not in it. Look at ${import.meta.url}.`);
    code = `${code.slice(0, start)}\n${by}\n${code.slice(end)}`;
  }
  if (/newFunc\(Function|\bnew Function\b|\beval\(/.test(code)) throw new Error('The Basis transcoder still compiles strings.');
  return code;
}

export function basisWithoutEval(): Plugin {
  return {
    name: 'exhibit:basis-without-eval',
    generateBundle(_options, bundle) {
      const assets = Object.values(bundle).filter((file) => file.type === 'asset' && /basis_transcoder.*\.js$/.test(file.fileName));
      if (assets.length === 0) throw new Error('The Basis transcoder is not in the bundle.');
      for (const asset of assets) {
        if (asset.type !== 'asset') continue;
        const { source } = asset;
        asset.source = withoutEval(typeof source === 'string' ? source : new TextDecoder().decode(source));
      }
    },
  };
}
