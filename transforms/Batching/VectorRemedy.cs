using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>Says how to convert a column into a vector of known size.</summary>
static class VectorRemedy
{
    /// <summary>A sentence with a space before it; empty if there is no way.</summary>
    public static string For(DataViewType type) =>
        type switch
        {
            VectorDataViewType { IsKnownSize: false } => " State the size where the column is created, with [VectorType(...)].",
            VectorDataViewType { ItemType: NumberDataViewType or BooleanDataViewType } => " Convert it with ConvertType.",
            NumberDataViewType when type == NumberDataViewType.Single => " Concatenate makes a vector, also of one column.",
            NumberDataViewType or BooleanDataViewType => " Convert it with ConvertType and Concatenate.",
            TextDataViewType => " Use FeaturizeText for text, or MapValueToKey and MapKeyToVector for classes.",
            _ => "",
        };
}
