using System;
using System.Collections.Generic;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>The components that model files can name.</summary>
internal static class ModelComponents
{
    private static readonly Dictionary<string, Func<IHostEnvironment, ModelLoadContext, ITransformer>> _creators = new()
    {
        [TransformerChain.Signature] = TransformerChain.Load,
        [ColumnCopyingTransformer.Signature] = (env, ctx) => new ColumnCopyingTransformer(env, ctx),
        [ColumnConcatenatingTransformer.Signature] = (env, ctx) => new ColumnConcatenatingTransformer(env, ctx),
        [ColumnSelectingTransformer.Signature] = (env, ctx) => new ColumnSelectingTransformer(env, ctx),
        [ValueToKeyMappingTransformer.Signature] = (env, ctx) => new ValueToKeyMappingTransformer(env, ctx),
        [KeyToValueMappingTransformer.Signature] = (env, ctx) => new KeyToValueMappingTransformer(env, ctx),
        [TypeConvertingTransformer.Signature] = (env, ctx) => new TypeConvertingTransformer(env, ctx),
        [MissingValueReplacingTransformer.Signature] = (env, ctx) => new MissingValueReplacingTransformer(env, ctx),
        [ImageLoadingTransformer.Signature] = (env, ctx) => new ImageLoadingTransformer(env, ctx),
        [ImageResizingTransformer.Signature] = (env, ctx) => new ImageResizingTransformer(env, ctx),
        [ImageGrayscalingTransformer.Signature] = (env, ctx) => new ImageGrayscalingTransformer(env, ctx),
        [ImagePixelExtractingTransformer.Signature] = (env, ctx) => new ImagePixelExtractingTransformer(env, ctx),
        [VectorToImageConvertingTransformer.Signature] = (env, ctx) => new VectorToImageConvertingTransformer(env, ctx),
        [OnnxTransformer.Signature] = OnnxTransformer.Load,
        [CustomMappingContract.Signature] = CustomMappingContract.Load,
    };

    public static ITransformer Create(string signature, IHostEnvironment env, ModelLoadContext ctx) =>
        _creators.TryGetValue(signature, out var create)
        ? create(env, ctx)
        : throw new FormatException($"The model file names the component '{signature}', which this supply of ML.NET does not have.");
}
