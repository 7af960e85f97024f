using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>
/// Lanczos' process from several start vectors at once. After s steps it gives two estimates of zᵀf(K)z for every start vector z and any
/// function f. One is Gauss' rule with s nodes. The other is the rule of Gauss and Radau with one more node at 0, the lower end of the
/// spectrum (Golub and Meurant, Matrices, Moments and Quadrature, chapter 6).
/// </summary>
sealed class LanczosProbes : IDisposable
{
    readonly DisposeScope _scope;
    readonly KernelOperator _kernel;
    readonly double[] _squaredLengths;
    readonly List<double[]> _diagonal = [];
    readonly List<double[]> _offDiagonal = [];
    Tensor _previous;
    Tensor _current;

    /// <param name="kernel">K.</param>
    /// <param name="starts">The start vectors, shape [N, n].</param>
    public LanczosProbes(KernelOperator kernel, Tensor starts)
    {
        _scope = NewDisposeScope();
        _kernel = kernel;
        var lengths = starts.square().sum(dim: 0).sqrt();
        _squaredLengths = [.. Values(lengths).Select(length => length * length)];
        _current = starts.div(lengths.clamp_min(1e-30));
        _previous = zeros_like(_current);
        _offDiagonal.Add(new double[_squaredLengths.Length]);
    }

    public int Count => _squaredLengths.Length;

    public int Steps => _diagonal.Count;

    /// <summary>Adds one node with one product with K.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        var next = _kernel.Multiply(_current).sub_(_previous.mul(AsTensor(_offDiagonal[^1])));
        var diagonal = next.mul(_current).sum(dim: 0);
        next.sub_(_current.mul(diagonal));
        var length = next.square().sum(dim: 0).sqrt();
        _diagonal.Add(Values(diagonal));
        _offDiagonal.Add(Values(length));
        _previous.Dispose();
        (_previous, _current) = (_current, next.div_(length.clamp_min(1e-30)));
        _current.DetachFromDisposeScope();
        _scope.Attach(_current);
    }

    /// <summary>Nodes and weights of one of the two rules, for every start vector.</summary>
    public (double Node, double Weight)[][] Rule(bool isRadau)
    {
        using var scope = NewDisposeScope();
        var size = Steps + (isRadau ? 1 : 0);
        var matrices = new double[Count * size * size];
        for (var probe = 0; probe < Count; probe++)
        {
            var matrix = matrices.AsSpan(probe * size * size, size * size);
            for (var i = 0; i < size; i++)
            {
                matrix[i * size + i] = i < Steps ? _diagonal[i][probe] : LastOfRadau(probe);
                if (i > 0)
                    matrix[i * size + i - 1] = matrix[(i - 1) * size + i] = _offDiagonal[i][probe];
            }
        }
        var (nodes, vectors) = linalg.eigh(from_array(matrices).reshape(Count, size, size));
        var allNodes = nodes.data<double>().ToArray();
        var allWeights = vectors.narrow(1, 0, 1).square().contiguous().data<double>().ToArray();
        return
        [
            .. Enumerable
                .Range(0, Count)
                .Select(probe =>
                    Enumerable
                        .Range(probe * size, size)
                        .Select(i => (Math.Max(0, allNodes[i]), _squaredLengths[probe] * allWeights[i]))
                        .ToArray()
                ),
        ];
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>The last diagonal entry that makes 0 an eigenvalue; the pivots are those of an elimination from the top.</summary>
    double LastOfRadau(int probe)
    {
        // The spectrum lies in [0, 1]. Values that float32 rounds beyond it are clamped.
        const double smallest = 1e-9;
        var pivot = Math.Max(_diagonal[0][probe], smallest);
        for (var i = 1; i < Steps; i++)
            pivot = Math.Max(_diagonal[i][probe] - _offDiagonal[i][probe] * _offDiagonal[i][probe] / pivot, smallest);
        return Math.Min(_offDiagonal[Steps][probe] * _offDiagonal[Steps][probe] / pivot, 1);
    }

    static double[] Values(Tensor vector) => vector.to_type(ScalarType.Float64).data<double>().ToArray();

    static Tensor AsTensor(double[] values) => from_array(values).to_type(ScalarType.Float32);
}
