using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>
/// The diffusion matrix as an operator in float32. A small matrix is in memory. A large one is computed again in every product, tile by
/// tile, each tile once for itself and its mirror image.
/// </summary>
sealed class KernelOperator : IDisposable
{
    /// <summary>Rows of a tile; two tiles fit into the cache.</summary>
    const int TileRows = 2048;

    /// <summary>The most rows whose matrix is held in memory: 512 MiB.</summary>
    const int HeldRows = 11_585;

    /// <summary>The largest allowed rounding of the exponents.</summary>
    const double MostRounding = 2e-4;

    readonly DisposeScope _scope;
    readonly Tensor _rows;
    readonly Tensor _halves;
    readonly Tensor _scale;
    readonly Tensor? _held;

    /// <param name="rows">The rows, with one σ.</param>
    /// <param name="heldRows">The most rows whose matrix is held in memory.</param>
    /// <exception cref="ArgumentException">The rows are too far apart for float32.</exception>
    public KernelOperator(KernelRows rows, int heldRows = HeldRows)
    {
        _scope = NewDisposeScope();
        Count = rows.Count;
        _rows = Distances.Centred(rows.Features, ScalarType.Float32);
        if (Distances.Rounding(_rows, rows.Sigma) > MostRounding)
        {
            _scope.Dispose();
            throw new ArgumentException(
                $"The rows spread too far beyond σ = {rows.Sigma:G4} for the float32 products of the approximation; scale the "
                    + "features, give a larger σ, or measure exactly.",
                nameof(rows)
            );
        }
        _rows.div_(rows.Sigma);
        _halves = _rows.square().sum(1).mul_(-0.5);
        _held = Count <= heldRows ? Tile(0, Count, 0, Count) : null;
        var degrees = Affine(ones([Count, 1L]));
        _scale = degrees.rsqrt();
        var inverse = degrees.reciprocal();
        Trace = inverse.to_type(ScalarType.Float64).sum().item<double>();
        SquaredNorm = Affine(inverse, isSquared: true).mul_(inverse).to_type(ScalarType.Float64).sum().item<double>();
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>Whether the matrix is in memory.</summary>
    public bool IsHeld => _held is not null;

    /// <summary>The sum of the eigenvalues.</summary>
    public double Trace { get; }

    /// <summary>The sum of the squared eigenvalues.</summary>
    public double SquaredNorm { get; }

    /// <summary>K V for V of shape [N, m].</summary>
    public Tensor Multiply(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        return Affine(vectors.mul(_scale)).mul_(_scale).MoveToOuterDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>G V, or with the entries of G squared.</summary>
    Tensor Affine(Tensor vectors, bool isSquared = false)
    {
        if (_held is not null && !isSquared)
            return _held.mm(vectors);
        using var scope = NewDisposeScope();
        var product = zeros_like(vectors);
        for (var first = 0; first < Count; first += TileRows)
        {
            var height = Math.Min(TileRows, Count - first);
            for (var second = first; second < Count; second += TileRows)
            {
                var width = Math.Min(TileRows, Count - second);
                using var tileScope = NewDisposeScope();
                var tile = _held is null ? Tile(first, height, second, width) : _held.narrow(0, first, height).narrow(1, second, width);
                if (isSquared)
                    tile = tile.square();
                product.narrow(0, first, height).add_(tile.mm(vectors.narrow(0, second, width)));
                if (second > first)
                    product.narrow(0, second, width).add_(tile.T.mm(vectors.narrow(0, first, height)));
            }
        }
        return product.MoveToOuterDisposeScope();
    }

    Tensor Tile(int first, int height, int second, int width)
    {
        using var scope = NewDisposeScope();
        return addmm(_halves.narrow(0, first, height).unsqueeze(1), _rows.narrow(0, first, height), _rows.narrow(0, second, width).T, 1, 1)
            .add_(_halves.narrow(0, second, width).unsqueeze(0))
            .exp_()
            .MoveToOuterDisposeScope();
    }
}
