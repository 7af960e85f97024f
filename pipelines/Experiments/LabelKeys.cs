using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>Labels as keys in a given order, so that a key means the same class to the data, the network and the ONNX file.</summary>
static class LabelKeys
{
    sealed class Row
    {
        public string Label { get; init; } = "";
    }

    /// <summary>Maps the text column <c>Label</c> to keys 1 to n, in the order of <paramref name="labels"/>.</summary>
    public static ValueToKeyMappingEstimator Map(MLContext ml, IReadOnlyList<string> labels) =>
        ml.Transforms.Conversion.MapValueToKey(
            outputColumnName: "Label",
            keyData: ml.Data.LoadFromEnumerable(labels.Select(label => new Row { Label = label }).ToList())
        );
}
