/** What an op or a module is for: it gives a node its colour. */

export const kinds = [
  "io",
  "convolution",
  "linear",
  "attention",
  "recurrent",
  "embedding",
  "normalization",
  "activation",
  "pooling",
  "dropout",
  "arithmetic",
  "reduction",
  "shape",
  "data",
  "module",
  "other",
] as const;
export type Kind = (typeof kinds)[number];

/** Tried in order on the lower-case name of an op or class without its underscores. */
const patterns: readonly [RegExp, Kind][] = [
  [/attention|attn|mha$/, "attention"],
  [
    /^(batch|layer|group|instance|rms|local|cross)?norm|norm(alization)?(\dd)?$|localresponse/,
    "normalization",
  ],
  [/dropout|droppath|stochasticdepth/, "dropout"],
  [/embed/, "embedding"],
  [/lstm|gru|^rnn|rnncell/, "recurrent"],
  [/conv|^unfold$|^fold$/, "convolution"],
  [/pool|upsampl|interpolate|pixelshuffle/, "pooling"],
  [
    /^(linear|addmm|matmul|mm|bmm|baddbmm|einsum|tensordot|dense|gemm|bilinear|fc|mlp|dot|outer|mv)$|linear$|matmul/,
    "linear",
  ],
  [
    /^(relu|gelu|silu|swish|mish|elu|selu|celu|tanh|sigmoid|softmax|logsoftmax|softmin|softplus|softsign|hardswish|hardtanh|hardsigmoid|leakyrelu|prelu|rrelu|glu|threshold|logsigmoid|relu6|tanhshrink|softshrink|hardshrink|newgelu|quickgelu)$|relu|activation/,
    "activation",
  ],
  [
    /^(add|sub|mul|div|truediv|floordivide|rsub|radd|rmul|rtruediv|neg|pow|rpow|sqrt|rsqrt|exp|log|abs|addn|biasadd|addcmul|addcdiv|lerp|square|sin|cos|clamp|maximum|minimum|where|maskedfill|sign|reciprocal|erf|iadd|imul|isub|remainder|floor|ceil|round|realdiv|addv2|subtract|multiply|divide|cumsum)$|^(gt|lt|ge|le|eq|ne|logical|bitwise|invert|greater|less|equal)/,
    "arithmetic",
  ],
  [
    /^(sum|mean|max|min|prod|argmax|argmin|std|var|norm|logsumexp|any|all|topk|sort|median|amax|amin|count)|loss|entropy/,
    "reduction",
  ],
  [
    /^(view|reshape|flatten|unflatten|transpose|permute|squeeze|unsqueeze|expand|repeat|cat|concat|concatenate|stack|split|chunk|unbind|getitem|setitem|slice|select|narrow|indexselect|gather|scatter|pad|t|mt|h|contiguous|roll|flip|tile|concatv2|pack|unpack|stridedslice|expanddims|movedim|swapaxes|index|size|shape|to|type|float|half|cast|int|detach|clone|data|identity|viewas|expandas|tril|triu|iter|rearrange|tolist)/,
    "shape",
  ],
  [
    /^(zeros|ones|full|arange|rand|randn|empty|eye|linspace|tensor|const|constant|parameter|buffer|variable|varhandle|placeholder|getattr|new|lift|bernoulli|normal|range|fill)/,
    "data",
  ],
];

const found = new Map<string, Kind>();

/** The kind that a name suggests: a class (`Conv2d`) or an op (`aten::conv2d`, `torch.nn.functional.conv2d`); null if it says nothing. */
export function kindOf(name: string): Kind | null {
  const key = shortOp(name).toLowerCase().replaceAll("_", "");
  const known = found.get(key);
  if (known) return known === "other" ? null : known;
  const kind = patterns.find(([pattern]) => pattern.test(key))?.[1] ?? "other";
  found.set(key, kind);
  return kind === "other" ? null : kind;
}

/** Last word of an op's name: `torch.Tensor.__add__` is `add`, `aten::relu_` is `relu`. */
export function shortOp(op: string): string {
  const plain = op.replace(/\.__[gs]et__$/, "");
  const colons = plain.lastIndexOf("::");
  const word = colons >= 0 ? plain.slice(colons + 2).split(".")[0]! : plain.slice(plain.lastIndexOf(".") + 1);
  return word.replace(/^_+|_+$/g, "") || plain;
}
