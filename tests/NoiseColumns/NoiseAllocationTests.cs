using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>A pass allocates its buffers, and then nothing for each row.</summary>
[TestClass]
public class NoiseAllocationTests
{
    const int Rows = 10_000,
        Warm = 1_000;

    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Every_family_and_option_reads_rows_without_allocating()
    {
        var view = new GeneratedView(Rows, 1, 8, 12);
        foreach (
            var noise in new NoiseDefinition[]
            {
                new GaussianNoise(1),
                new UniformNoise(1),
                new LaplaceNoise(1),
                new SpeckleNoise(1),
                new PoissonNoise(60),
                new SaltAndPepperNoise(0.2),
                new CircularShiftNoise(0.3),
                new OptimalMixingNoise(MixAxis.SpatialRows),
                QualityMatrixNoise.Of(new double[8, 8], MixAxis.SpatialRows),
                new CircularShiftNoise(0.3, MixAxis.Batch),
            }
        )
        {
            var noisy = _ml.Noise.Add("Features", noise, scope: NoiseScope.Always).Fit(view).Transform(view);
            Assert.IsLessThan(1.0, BytesPerRow(noisy, "Features"), $"{noise}");
        }
    }

    [TestMethod]
    public void So_do_chosen_rows_two_columns_and_the_identity_of_other_views()
    {
        var view = new GeneratedView(Rows, 96);
        var some = _ml.Noise.Add("Features", new GaussianNoise(1), scope: NoiseScope.Always, rowProbability: 0.5).Fit(view).Transform(view);
        Assert.IsLessThan(1.0, BytesPerRow(some, "Features"));
        var two = _ml
            .Noise.Add([new("A", "Features"), new("B", "Features")], new GaussianNoise(1), NoiseScope.Always)
            .Fit(view)
            .Transform(view);
        Assert.IsLessThan(1.0, BytesPerRow(two, "A", "B"));
        var clean = _ml.Noise.Gaussian("Features", 1).Fit(view).Transform(new GeneratedView(Rows, 96));
        Assert.IsLessThan(1.0, BytesPerRow(clean, "Features"));
    }

    /// <summary>
    /// Bytes that reading the columns allocates on this thread, from the row on where buffers are there and code is compiled.
    /// </summary>
    static double BytesPerRow(IDataView view, params string[] columns)
    {
        var active = columns.Select(name => view.Schema[name]).ToArray();
        using var cursor = view.GetRowCursor(active);
        var getters = active.Select(column => cursor.GetGetter<VBuffer<float>>(column)).ToArray();
        var values = new VBuffer<float>[columns.Length];
        var (row, before) = (0, 0L);
        for (; cursor.MoveNext(); row++)
        {
            if (row == Warm)
                before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < getters.Length; i++)
                getters[i](ref values[i]);
        }
        Assert.AreEqual(Rows, row);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Rows - Warm);
    }
}
