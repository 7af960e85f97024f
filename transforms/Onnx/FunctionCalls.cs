namespace NoisyNN.Transforms.Onnx;

/// <summary>
/// Counts the nodes that a model has after its own functions are expanded, as ONNX Runtime expands them. A function that calls itself
/// never ends. Thirty functions that each call the next one twice expand to a billion nodes.
/// </summary>
static class FunctionCalls
{
    const long MostNodes = 1_000_000;

    /// <summary>What is wrong, as the end of a sentence; null if nothing is.</summary>
    public static string? Problem(ModelProto model)
    {
        if (model.Functions.Count == 0)
            return null;
        var functions = model
            .Functions.GroupBy(function => (function.Domain, function.Name))
            .ToDictionary(group => group.Key, group => group.First());
        var sizes = new Dictionary<(string, string), long?>();
        var total = Unfolded(OnnxNodes.Of(model.Graph), depth: 0);
        return total switch
        {
            null => "one of its functions calls itself",
            > MostNodes => $"its functions unfold into more than {MostNodes:N0} nodes",
            _ => null,
        };

        long? Unfolded(IEnumerable<NodeProto> nodes, int depth)
        {
            var count = 0L;
            foreach (var node in nodes)
            {
                if (Size((node.Domain, node.OpType), depth) is not { } size)
                    return null;
                count = Math.Min(count + size, MostNodes + 1);
            }
            return count;
        }

        long? Size((string, string) operation, int depth)
        {
            if (!functions.TryGetValue(operation, out var function))
                return 1;
            if (sizes.TryGetValue(operation, out var known))
                return known;
            // While a function's size is unknown, a second visit means that it calls itself. No chain of calls is longer than the number
            // of functions.
            if (depth > 200)
                return null;
            sizes[operation] = null;
            return sizes[operation] = Unfolded(OnnxNodes.Of(function.Node), depth + 1);
        }
    }
}
