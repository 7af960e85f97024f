using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Transforms.Onnx.Quantization;

/// <summary>
/// Rewrites a graph so that its products with trained matrices use integers. Attention's products of two activations stay as they are.
/// </summary>
sealed class QuantizedGraph
{
    // Below this, preparing the input costs more than the product.
    const long MinimumSize = 4096;

    readonly GraphProto _graph;
    readonly Dictionary<string, QuantizedMatrix> _matrices = [];
    readonly List<TensorProto> _initializers = [];
    readonly List<NodeProto> _nodes = [];

    public QuantizedGraph(GraphProto graph)
    {
        _graph = graph;
        foreach (var weight in graph.Initializer)
        {
            if (QuantizedMatrix.From(weight, MinimumSize) is { } matrix)
                _matrices.Add(weight.Name, matrix);
        }
        // A matrix that is an output, or feeds anything but the right side of a product, must stay in floats.
        foreach (var node in graph.Node)
            for (var input = 0; input < node.Input.Count; input++)
                if (!(IsProduct(node) && input == 1))
                    _matrices.Remove(node.Input[input]);
        foreach (var output in graph.Output)
            _matrices.Remove(output.Name);
        Products = [.. graph.Node.Where(node => IsProduct(node) && _matrices.ContainsKey(node.Input[1]))];
    }

    /// <summary>The products that become integer products.</summary>
    public IReadOnlyList<NodeProto> Products { get; }

    /// <summary>The tensors that the products read, each once.</summary>
    public IReadOnlyList<string> Activations => [.. Products.Select(product => product.Input[0]).Distinct()];

    /// <summary>Rewrites the graph in place.</summary>
    /// <param name="ranges">The range of each of <see cref="Activations"/>; null to find it at every run.</param>
    public void Rewrite(IReadOnlyDictionary<string, ActivationRange>? ranges)
    {
        var products = Products.ToHashSet();
        var prepared = new HashSet<string>();
        foreach (var node in _graph.Node)
        {
            if (!products.Contains(node))
            {
                _nodes.Add(node);
                continue;
            }
            var activation = node.Input[0];
            if (prepared.Add(activation))
                Prepare(activation, ranges?[activation]);
            Multiply(node, activation, _matrices[node.Input[1]], isStatic: ranges is not null);
        }

        var replaced = Products.Select(product => product.Input[1]).ToHashSet();
        var kept = _graph.Initializer.Where(weight => !replaced.Contains(weight.Name)).ToList();
        _graph.Initializer.Clear();
        _graph.Initializer.Add(kept.Concat(_initializers).Concat(replaced.Select(name => _matrices[name]).SelectMany(Tensors)));
        _graph.Node.Clear();
        _graph.Node.Add(_nodes);
    }

    static IEnumerable<TensorProto> Tensors(QuantizedMatrix matrix) => [matrix.Values, matrix.Scales, matrix.ZeroPoints];

    static bool IsProduct(NodeProto node) => node.OpType == "MatMul" && node.Domain is "" or "ai.onnx" && node.Input.Count == 2;

    void Prepare(string activation, ActivationRange? range)
    {
        if (range is null)
        {
            Add("DynamicQuantizeLinear", [activation], $"{activation}/uint8", $"{activation}/scale", $"{activation}/zero_point");
            return;
        }
        var (scale, zeroPoint) = range.Grid(activation);
        _initializers.AddRange([scale, zeroPoint]);
        Add("QuantizeLinear", [activation, scale.Name, zeroPoint.Name], $"{activation}/uint8");
        Add("DequantizeLinear", [$"{activation}/uint8", scale.Name, zeroPoint.Name], $"{activation}/on_grid");
    }

    /// <summary>The forms that ONNX Runtime fuses into one integer product with its scales.</summary>
    void Multiply(NodeProto product, string activation, QuantizedMatrix matrix, bool isStatic)
    {
        var name = product.Output[0];
        if (isStatic)
        {
            Add("DequantizeLinear", [matrix.Values.Name, matrix.Scales.Name, matrix.ZeroPoints.Name], $"{name}/weight")
                .Attribute.Add(Integer("axis", 1));
            Add("MatMul", [$"{activation}/on_grid", $"{name}/weight"], name);
            return;
        }
        Add(
            "MatMulInteger",
            [$"{activation}/uint8", matrix.Values.Name, $"{activation}/zero_point", matrix.ZeroPoints.Name],
            $"{name}/int32"
        );
        Add("Cast", [$"{name}/int32"], $"{name}/float").Attribute.Add(Integer("to", (long)DataType.Float));
        Add("Mul", [$"{activation}/scale", matrix.Scales.Name], $"{name}/scales");
        Add("Mul", [$"{name}/float", $"{name}/scales"], name);
    }

    NodeProto Add(string operation, string[] inputs, params string[] outputs)
    {
        var node = new NodeProto { Name = $"{outputs[0]}#{operation}", OpType = operation };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        _nodes.Add(node);
        return node;
    }

    static AttributeProto Integer(string name, long value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.Int,
            I = value,
        };
}
