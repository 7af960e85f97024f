using System.Runtime.InteropServices;
using Google.Protobuf;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>A value in a graph that is being built: an input, an initialiser, or the output of a node.</summary>
public sealed class GraphValue
{
    internal GraphValue(string name) => Name = name;

    /// <summary>Its name in the file. Values that become outputs take the output's name.</summary>
    public string Name { get; internal set; }
}

/// <summary>A length, or the name of a length that is known only when the graph runs.</summary>
readonly record struct Dimension(long Length, string? Symbol)
{
    public static implicit operator Dimension(long length) => new(length, null);

    public static implicit operator Dimension(string symbol) => new(0, symbol);
}

/// <summary>
/// Builds ONNX graphs. Nodes are added in the order in which they run, and every value is named after the layer that computes it. A scope
/// is the same graph from the view of one layer: <c>graph.Scope("blocks.0")</c>.
/// </summary>
public sealed class GraphBuilder
{
    readonly Contents _contents;
    readonly string _prefix;

    /// <param name="name">The graph's name in the file.</param>
    public GraphBuilder(string name)
        : this(new Contents(name), prefix: "") { }

    GraphBuilder(Contents contents, string prefix)
    {
        _contents = contents;
        _prefix = prefix;
    }

    /// <summary>The graph from the view of a layer. Everything that is added there has the layer's name.</summary>
    public GraphBuilder Scope(string layer) => new(_contents, $"{_prefix}{layer}/");

    internal GraphValue Input(string name, DataType type, params ReadOnlySpan<Dimension> shape)
    {
        _contents.Graph.Input.Add(ValueInfo(_contents.Reserve(name), type, shape));
        return new(name);
    }

    /// <summary>Makes the value an output of the graph under this name.</summary>
    internal void Output(string name, GraphValue value, DataType type, params ReadOnlySpan<Dimension> shape)
    {
        value.Name = _contents.Reserve(name);
        _contents.Graph.Output.Add(ValueInfo(name, type, shape));
    }

    /// <summary>A trained array under its own name. The same name gives the same value again.</summary>
    public GraphValue Weight(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        _contents.Initializer(name, DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A scalar. Equal scalars share one initialiser.</summary>
    public GraphValue Constant(float value) =>
        _contents.Initializer($"constant/{value:R}", DataType.Float, MemoryMarshal.AsBytes([value]), []);

    /// <summary>A list of integers, such as a shape. Equal lists share one initialiser.</summary>
    public GraphValue Constant(params ReadOnlySpan<long> values) =>
        _contents.Initializer(
            $"constant/[{string.Join(',', values.ToArray())}]",
            DataType.Int64,
            MemoryMarshal.AsBytes(values),
            values.Length
        );

    /// <summary>A node with one output.</summary>
    /// <param name="operation">An operator of ONNX's operator set 17, such as <c>Conv</c>.</param>
    /// <param name="inputs">Its inputs, in the operator's order.</param>
    /// <param name="attributes">The attributes that differ from the operator's defaults.</param>
    public GraphValue Node(string operation, ReadOnlySpan<GraphValue> inputs, params ReadOnlySpan<GraphAttribute> attributes) =>
        Nodes(operation, inputs, outputCount: 1, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    public GraphValue[] Nodes(
        string operation,
        ReadOnlySpan<GraphValue> inputs,
        int outputCount,
        params ReadOnlySpan<GraphAttribute> attributes
    )
    {
        var node = new NodeProto { Name = _contents.Reserve(_contents.Free(_prefix + operation)), OpType = operation };
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute.Proto.Clone());
        var outputs = new GraphValue[outputCount];
        for (var output = 0; output < outputCount; output++)
            outputs[output] = new(outputCount == 1 ? $"{node.Name}:" : $"{node.Name}:{output}");
        _contents.Nodes.Add((node, inputs.ToArray(), outputs));
        return outputs;
    }

    /// <summary>The finished graph.</summary>
    internal GraphProto ToGraph()
    {
        var graph = _contents.Graph.Clone();
        foreach (var (node, inputs, outputs) in _contents.Nodes)
        {
            var copy = node.Clone();
            copy.Input.Add(inputs.Select(value => value.Name));
            copy.Output.Add(outputs.Select(value => value.Name));
            graph.Node.Add(copy);
        }
        return graph;
    }

    static ValueInfoProto ValueInfo(string name, DataType type, ReadOnlySpan<Dimension> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var dimension in shape)
            dimensions.Dim.Add(Proto(dimension));
        return new()
        {
            Name = name,
            Type = new()
            {
                TensorType = new() { ElemType = (int)type, Shape = dimensions },
            },
        };
    }

    static TensorShapeProto.Types.Dimension Proto(Dimension dimension) =>
        dimension.Symbol is { } symbol ? new() { DimParam = symbol } : new() { DimValue = dimension.Length };

    /// <summary>The content that all scopes of one graph share.</summary>
    sealed class Contents(string name)
    {
        readonly HashSet<string> _names = new(StringComparer.Ordinal);
        readonly Dictionary<string, (TensorProto Tensor, GraphValue Value)> _initializers = new(StringComparer.Ordinal);

        public GraphProto Graph { get; } = new() { Name = name };

        public List<(NodeProto Node, GraphValue[] Inputs, GraphValue[] Outputs)> Nodes { get; } = [];

        public string Reserve(string name) =>
            _names.Add(name) ? name : throw new InvalidOperationException($"The graph already has something named '{name}'.");

        public string Free(string name)
        {
            var number = 1;
            var free = name;
            while (_names.Contains(free))
                free = $"{name}_{++number}";
            return free;
        }

        public GraphValue Initializer(string name, DataType type, ReadOnlySpan<byte> bytes, params ReadOnlySpan<long> shape)
        {
            var tensor = new TensorProto
            {
                Name = name,
                DataType = (int)type,
                RawData = ByteString.CopyFrom(bytes),
            };
            tensor.Dims.Add(shape.ToArray());
            if (_initializers.TryGetValue(name, out var known))
                return known.Tensor.Equals(tensor)
                    ? known.Value
                    : throw new InvalidOperationException($"Two different arrays are named '{name}'.");

            Reserve(name);
            Graph.Initializer.Add(tensor);
            var value = new GraphValue(name);
            _initializers.Add(name, (tensor, value));
            return value;
        }
    }
}
