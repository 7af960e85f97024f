namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// How deep in a network a parameter stands, from its name alone: what comes before the first numbered block is layer 0, the blocks follow
/// one by one, and what comes after the last block (the last normalisation, the head) is the last layer.
/// </summary>
static class LayerDepth
{
    /// <param name="parameterNames">All of a network's, in the order of its forward pass, such as "blocks.3.attn.qkv.weight" or
    /// "layer2.0.conv1.weight".</param>
    public static IReadOnlyDictionary<string, int> Of(IEnumerable<string> parameterNames)
    {
        var depths = new Dictionary<string, int>();
        var (depth, lastBlock) = (0, "");
        var blocks = new Dictionary<string, int>();
        foreach (var name in parameterNames)
        {
            if (Block(name) is { } block)
            {
                if (!blocks.TryGetValue(block, out depth))
                    blocks[block] = depth = blocks.Count + 1;
                lastBlock = block;
            }
            else if (lastBlock.Length > 0)
                depth = blocks.Count + 1;
            depths[name] = depth;
        }
        return depths;
    }

    /// <summary>"blocks.3" of "blocks.3.attn.qkv.weight"; null of "patch_embed.proj.weight".</summary>
    static string? Block(string name)
    {
        var parts = name.Split('.');
        var number = Array.FindIndex(parts, part => int.TryParse(part, out _));
        return number < 0 ? null : string.Join('.', parts[..(number + 1)]);
    }
}
