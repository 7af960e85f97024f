namespace NoisyNN.Pipelines.Reports.Measuring;

/// <summary>The names of the figures that are measured of a layer, in <c>metrics.jsonl</c>, TensorBoard and the summary.</summary>
static class EntropyFigures
{
    public const string Sigma = "sigma",
        MedianDistance = "medianDistance",
        Dse = "dse",
        DseLow = "dseLow",
        DseHigh = "dseHigh",
        LabelDsmi = "labelDsmi",
        LabelDsmiLow = "labelDsmiLow",
        LabelDsmiHigh = "labelDsmiHigh",
        PermutedDsmi = "permutedDsmi",
        PermutedDsmiDeviation = "permutedDsmiDeviation",
        InputDsmi = "inputDsmi";
}
