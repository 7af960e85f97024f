using NoisyNN.Transforms.Noise;

namespace NoisyNN.Tests.Noise;

[TestClass]
public sealed class CholeskyTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(31)]
    [DataRow(32)]
    [DataRow(33)]
    [DataRow(100)]
    public void The_determinant_of_a_known_matrix_is_found_on_either_side_of_a_block(int size)
    {
        // Powers of 0.8 by the distance from the diagonal, whose determinant is (1 - 0.8²)^(n-1).
        Assert.AreEqual((size - 1) * Math.Log(0.36), Cholesky.LogDeterminant(Powers(size)) ?? double.NaN, 1e-11 * size);
    }

    [TestMethod]
    public void A_determinant_that_no_float64_holds_has_a_logarithm()
    {
        var matrix = Powers(40);
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < 40; j++)
                matrix[i, j] *= 1e-12;
        }
        Assert.AreEqual(39 * Math.Log(0.36) + 40 * Math.Log(1e-12), Cholesky.LogDeterminant(matrix) ?? double.NaN, 1e-9);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(40)]
    [DataRow(69)]
    public void A_matrix_with_a_direction_that_is_not_positive_has_none(int where)
    {
        var matrix = Powers(70);
        matrix[where, where] = -1;
        Assert.IsNull(Cholesky.LogDeterminant(matrix));
    }

    static double[,] Powers(int size)
    {
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                matrix[i, j] = Math.Pow(0.8, Math.Abs(i - j));
        }
        return matrix;
    }
}
