using static TorchSharp.torch;

namespace NoisyNN.Models.Networks;

/// <summary>The term that one layer of a network adds to the training loss: <see cref="Weight"/> times <see cref="Value"/>.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Value">A scalar with a gradient, the mean over the rows of the batch. Information terms are in nats per row.</param>
/// <param name="Weight">At least 0.</param>
public sealed record PenaltyTerm(string Layer, Tensor Value, double Weight);
