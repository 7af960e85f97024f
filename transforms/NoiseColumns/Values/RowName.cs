using Microsoft.ML.Data;

namespace NoisyNN.Transforms.NoiseColumns.Values;

/// <summary>A row's id as errors spell it: its number in the source, where that is all there is to it.</summary>
static class RowName
{
    public static string Of(DataViewRowId row) => row.High == 0 ? $"{row.Low}" : $"{row}";
}
