namespace NoisyNN.Transforms.Entropy;

internal static class SpectralClustering
{
    public static RowClasses Cluster(FeatureMatrix reference, int clusters) => throw new NotSupportedException("Vectors as reference are not supported yet.");
}
