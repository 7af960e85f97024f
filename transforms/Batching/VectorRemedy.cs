using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>What makes a vector of known size of a column that is none.</summary>
static class VectorRemedy
{
    /// <summary>A sentence with a space before it, or nothing where there is no way.</summary>
    public static string For(DataViewType type) =>
        type switch
        {
            VectorDataViewType { IsKnownSize: false } => " Say the size where the column is made, by [VectorType(...)].",
            VectorDataViewType { ItemType: NumberDataViewType or BooleanDataViewType } => " ConvertType makes it.",
            NumberDataViewType when type == NumberDataViewType.Single => " Concatenate makes a vector, also of one column.",
            NumberDataViewType or BooleanDataViewType => " ConvertType and Concatenate make it.",
            TextDataViewType => " FeaturizeText makes it of text, MapValueToKey and MapKeyToVector of classes.",
            _ => "",
        };
}
