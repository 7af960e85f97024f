using System.Text.Json;
using NoisyNN.Models.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Checkpoints;

/// <summary>Gives a checkpoint that rank 0 has read to all ranks, which so need not see its folder.</summary>
static class SharedCheckpoint
{
    /// <summary>The checkpoint; null where rank 0 has found none.</summary>
    /// <param name="group">All ranks.</param>
    /// <param name="read">Reads it, on rank 0 alone.</param>
    public static Checkpoint? Read(ProcessGroup group, Func<Checkpoint?> read)
    {
        var checkpoint = group.Rank == 0 ? read() : null;
        if (group.Size == 1)
            return checkpoint;
        try
        {
            return Share(group, checkpoint);
        }
        catch
        {
            checkpoint?.Dispose();
            throw;
        }
    }

    static Checkpoint? Share(ProcessGroup group, Checkpoint? checkpoint)
    {
        var content = checkpoint is null
            ? null
            : new Content(
                checkpoint.State,
                [.. checkpoint.Tensors.Select(tensor => new Shape(tensor.Key, tensor.Value.shape, tensor.Value.dtype))]
            );
        content = JsonSerializer.Deserialize<Content?>(group.BroadcastMessage(JsonSerializer.SerializeToUtf8Bytes(content)));
        if (content is null)
            return null;
        checkpoint ??= new(
            content.State,
            content.Tensors.ToDictionary(tensor => tensor.Name, tensor => empty(tensor.Sizes, dtype: tensor.Type).DetachFromDisposeScope())
        );
        foreach (var tensor in content.Tensors)
            group.Broadcast(checkpoint.Tensors[tensor.Name].bytes);
        return checkpoint;
    }

    sealed record Content(CheckpointState State, IReadOnlyList<Shape> Tensors);

    sealed record Shape(string Name, long[] Sizes, ScalarType Type);
}
