using static TorchSharp.torch;

namespace NoisyNN.Tests.Compat.Torch;

/// <summary>Tensors as plain numbers, and comparisons of them.</summary>
internal static class Numbers
{
    public static float[] Values(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to_type(ScalarType.Float32).data<float>().ToArray();
    }

    public static void AreClose(double[] expected, Tensor actual, double tolerance = 1e-6)
    {
        var values = actual.Values();
        Assert.HasCount(expected.Length, values);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], values[i], tolerance, $"element {i}");
    }
}
