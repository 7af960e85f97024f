namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>The ONNX graph of a network for predictions, without noise.</summary>
/// <param name="Build">Builds the graph from the trained arrays. The flag asks for images of any height and width.</param>
public sealed record NetworkGraph(Func<NetworkWeights, bool, GraphBuilder> Build)
{
    /// <summary>The name of the graph's input.</summary>
    public string Input { get; init; } = TensorNames.Pixels;

    /// <summary>The name of the output that holds the input of the network's head.</summary>
    public string Features { get; init; } = TensorNames.Features;

    /// <summary>Whether the graph can be built for images of any height and width.</summary>
    public bool TakesAnyImageSize { get; init; }

    /// <summary>
    /// Draws a value of a random row, by its index. Graph and network are compared on such rows if there are no real ones. The default
    /// draws pixels, integers from 0 to 255.
    /// </summary>
    public Func<Random, int, float> DrawInput { get; init; } = DrawPixel;

    /// <summary>Draws a pixel, an integer from 0 to 255, for any index.</summary>
    public static float DrawPixel(Random random, int index)
    {
        ArgumentNullException.ThrowIfNull(random);
        return random.Next(256);
    }
}
