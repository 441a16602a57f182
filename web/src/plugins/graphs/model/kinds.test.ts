import { expect, test } from "vitest";
import { kindOf, shortOp } from "./kinds";

test("op names are cut to what they say", () => {
  expect(shortOp("torch.nn.functional.conv2d")).toBe("conv2d");
  expect(shortOp("torch.Tensor.__add__")).toBe("add");
  expect(shortOp("aten::relu_")).toBe("relu");
  expect(shortOp("aten::addmm.out")).toBe("addmm");
  expect(shortOp("torch.Tensor.T.__get__")).toBe("T");
  expect(shortOp("MatMul")).toBe("MatMul");
});

test("kinds of classes and ops", () => {
  const expected = {
    Conv2d: "convolution",
    ConvTranspose1d: "convolution",
    BatchNorm2d: "normalization",
    LayerNorm: "normalization",
    MultiheadAttention: "attention",
    "torch.nn.functional.scaled_dot_product_attention": "attention",
    "aten::linear": "linear",
    NonDynamicallyQuantizableLinear: "linear",
    LSTM: "recurrent",
    GELU: "activation",
    log_softmax: "activation",
    MaxPool2d: "pooling",
    Dropout: "dropout",
    Embedding: "embedding",
    "torch.Tensor.add": "arithmetic",
    "torch.Tensor.view": "shape",
    cross_entropy: "reduction",
    "torch.zeros": "data",
  };
  for (const [name, kind] of Object.entries(expected)) expect([name, kindOf(name)]).toEqual([name, kind]);
  expect(kindOf("Frobnicate")).toBeNull();
});
