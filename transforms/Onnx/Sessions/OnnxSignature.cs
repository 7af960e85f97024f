using Microsoft.ML.OnnxRuntime;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>What a model takes, returns and says about itself.</summary>
/// <param name="Inputs">The inputs that are tensors.</param>
/// <param name="Outputs">The outputs that are tensors.</param>
/// <param name="OtherInputs">The names of inputs that are sequences, maps or optional values.</param>
/// <param name="OtherOutputs">The names of outputs that are sequences, maps or optional values.</param>
/// <param name="Metadata">The model's metadata, as its author wrote it.</param>
sealed record OnnxSignature(
    IReadOnlyList<OnnxTensorInfo> Inputs,
    IReadOnlyList<OnnxTensorInfo> Outputs,
    IReadOnlyList<string> OtherInputs,
    IReadOnlyList<string> OtherOutputs,
    IReadOnlyDictionary<string, string> Metadata
)
{
    public static OnnxSignature Of(InferenceSession session) =>
        new(
            Tensors(session.InputNames, session.InputMetadata),
            Tensors(session.OutputNames, session.OutputMetadata),
            Others(session.InputNames, session.InputMetadata),
            Others(session.OutputNames, session.OutputMetadata),
            session.ModelMetadata.CustomMetadataMap
        );

    static OnnxTensorInfo[] Tensors(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        [.. names.Select(name => OnnxTensorInfo.From(name, metadata[name])).OfType<OnnxTensorInfo>()];

    static string[] Others(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        [.. names.Where(name => !metadata[name].IsTensor)];
}
