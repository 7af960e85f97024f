using Microsoft.ML.Data;

namespace NoisyNN.Transforms.NoiseColumns.Values;

/// <summary>A row's id as errors print it: its number in the source if the id has no other part.</summary>
static class RowName
{
    public static string Of(DataViewRowId row) => row.High == 0 ? $"{row.Low}" : $"{row}";
}
