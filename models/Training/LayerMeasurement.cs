namespace NoisyNN.Models.Training;

/// <summary>What was measured of one layer of a network after an epoch.</summary>
/// <param name="Epoch">The epoch, counted from 1; 0 is before the training.</param>
/// <param name="Layer">The layer, one of <see cref="Networks.Classifier.Layers"/>.</param>
/// <param name="Setting">The setting of the measurement, such as a bandwidth.</param>
/// <param name="Figures">Finite figures by name.</param>
public sealed record LayerMeasurement(int Epoch, string Layer, string Setting, IReadOnlyDictionary<string, double> Figures);
