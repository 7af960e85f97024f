namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The ONNX file that a run writes.</summary>
/// <param name="Temperature">
/// Whether the file divides the logits by the temperature that fits the validation rows best before the softmax, so that its
/// probabilities can be taken at their word more often. The predicted classes stay the same.
/// </param>
public sealed record ExportSection(bool Temperature = false);
