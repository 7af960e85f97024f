using Google.Protobuf;
using Microsoft.ML;
using NoisyNN.Transforms.Onnx.Isolation;
using NoisyNN.Transforms.Onnx.Scoring;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Auditing;

/// <summary>
/// Finds the operator that mixes rows. A copy of the model returns every tensor of its graph. One row runs with two kinds of neighbours. The
/// search goes along the graph to the first tensor whose part for that row differs, and from there back over tensors without rows, such as a
/// mean over the batch.
/// </summary>
sealed class OperatorSearch(MLContext context, OnnxBatchEstimator.Options options, OnnxBlockMapper mapper, AuditRows rows)
{
    // A length that other axes rarely have.
    const int BatchSize = 11;

    // Beyond it the search would take minutes.
    const int MostNodes = 5000;

    enum State
    {
        Same,
        Differs,

        /// <summary>It differs, but it has no part for a row.</summary>
        WithoutRows,
    }

    /// <summary>The operator; null if it is inside a function or a loop, or the model cannot run with more outputs.</summary>
    public MixingOperator? Find()
    {
        var model = OnnxFile.Read(options.ModelFile);
        // Weights in other files must stay beside the model.
        if (OnnxTensors.All(model).Any(ExternalData.IsExternal) || model.Graph.Node.Count > MostNodes)
            return null;
        var known = model.Graph.Output.Select(output => output.Name).ToHashSet();
        foreach (var name in model.Graph.Node.SelectMany(node => node.Output).Where(name => name.Length > 0 && known.Add(name)))
            model.Graph.Output.Add(new ValueInfoProto { Name = name });

        var folder = Directory.CreateTempSubdirectory("noisynn-audit-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllBytes(path, model.ToByteArray());
            using var transformer = new OnnxBatchEstimator(
                context,
                new()
                {
                    ModelFile = path,
                    Input = options.Input,
                    Output = mapper.Output.Name,
                    InputColumnName = options.InputColumnName,
                    Isolation = options.Isolation,
                    Cancellation = options.Cancellation,
                    BatchSize = 1,
                }
            ).Model;
            return Search(model.Graph, transformer.Session);
        }
        catch (Exception refused)
            when (refused is InvalidDataException or NotSupportedException or ModelProcessException or OnnxRunException)
        {
            return null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    MixingOperator? Search(GraphProto graph, IOnnxSession session)
    {
        var size = mapper.Input.FixedBatch ?? Math.Min(BatchSize, rows.Values.Count);
        var place = size / 2;
        var (first, second) = (Batch(0), Batch(rows.Values.Count / 2));
        Dictionary<string, State> states = [];
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output.Where(name => name.Length > 0))
                states[output] = StateOf(output);
            if (node.Output.Any(output => states.GetValueOrDefault(output) is State.Differs))
                return Name(Origin(graph, node, states));
        }
        return null;

        byte[] Batch(int neighbours)
        {
            var values = new byte[size * mapper.Input.ByteLength];
            for (var slot = 0; slot < size; slot++)
                rows.Values[slot == place ? 0 : (neighbours + 1 + slot) % rows.Values.Count].CopyTo(values, slot * mapper.Input.ByteLength);
            return values;
        }

        State StateOf(string output)
        {
            OnnxResult one,
                other;
            try
            {
                one = session.Evaluate(mapper.Input, size, first, output);
                other = session.Evaluate(mapper.Input, size, second, output);
            }
            catch (OnnxRunException)
            {
                // Of a type that has no values to compare, such as a shape.
                return State.Same;
            }
            var (left, right) = (Floats(one), Floats(other));
            if (left.Length != right.Length)
                return State.WithoutRows;
            if (Part(one.Shape, left) is not { } leftPart)
                return AreEqual(left, right) ? State.Same : State.WithoutRows;
            return AreEqual(leftPart, Part(other.Shape, right)!) ? State.Same : State.Differs;
        }

        // The row's part: along the first axis of the batch's length, or of the first axis if that holds several values for each row.
        float[]? Part(long[] shape, float[] values)
        {
            var axis = Array.IndexOf(shape, size);
            if (axis < 0)
                return shape.Length > 0 && shape[0] > 0 && shape[0] % size == 0
                    ? values[(place * values.Length / size)..((place + 1) * values.Length / size)]
                    : null;
            var inner = (int)shape.Skip(axis + 1).Aggregate(1L, (product, length) => product * length);
            return [.. Enumerable.Range(0, values.Length).Where(i => i / inner % size == place).Select(i => values[i])];
        }
    }

    static NodeProto Origin(GraphProto graph, NodeProto node, Dictionary<string, State> states)
    {
        while (node.Input.FirstOrDefault(input => states.GetValueOrDefault(input) is State.WithoutRows) is { } input)
            node = graph.Node.First(producer => producer.Output.Contains(input));
        return node;
    }

    static MixingOperator Name(NodeProto node) => new(node.OpType, node.Name, node.Output[0]);

    static float[] Floats(OnnxResult result)
    {
        var floats = new float[result.Values.Length / OnnxElement.Size(result.ElementType)];
        OnnxElement.CopyTo(result.Values, result.ElementType, floats);
        return floats;
    }

    static bool AreEqual(float[] left, float[] right)
    {
        var largest = left.Concat(right).Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        return left.Zip(right)
            .All(pair => pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= ModelAudit.Tolerance * largest);
    }
}
