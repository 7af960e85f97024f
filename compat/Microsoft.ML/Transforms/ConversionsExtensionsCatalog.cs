using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms between values and keys.</summary>
public static class ConversionsExtensionsCatalog
{
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string inputColumnName = null, int maximumNumberOfKeys = ValueToKeyMappingEstimator.DefaultMaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false, IDataView keyData = null) =>
        new(catalog.Environment, new([new(outputColumnName, inputColumnName)], maximumNumberOfKeys, keyOrdinality,
            addKeyValueAnnotationsAsText, keyData));

    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns,
        int maximumNumberOfKeys = ValueToKeyMappingEstimator.DefaultMaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false, IDataView keyData = null) =>
        new(catalog.Environment, new(InputOutputColumnPair.Check(columns), maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText,
            keyData));

    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string inputColumnName = null) => new(catalog.Environment, [new(outputColumnName, inputColumnName)]);

    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns) =>
        new(catalog.Environment, InputOutputColumnPair.Check(columns));

    public static TypeConvertingEstimator ConvertType(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string inputColumnName = null, DataKind outputKind = DataKind.Single) =>
        new(catalog.Environment, [new(outputColumnName, inputColumnName)], outputKind);

    public static TypeConvertingEstimator ConvertType(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns,
        DataKind outputKind = DataKind.Single) => new(catalog.Environment, InputOutputColumnPair.Check(columns), outputKind);
}
