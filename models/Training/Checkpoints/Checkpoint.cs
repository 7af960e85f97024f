using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Models.Weights;
using NoisyNN.Transforms.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training;

/// <summary>Everything that a training needs to go on as if it had never stopped, apart from the tensors.</summary>
sealed record CheckpointState
{
    /// <summary>Steps done, over all epochs.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch in progress, counted from 0, and the steps done in it: the sampler's position, since its order is a function of (seed, epoch).</summary>
    public required int Epoch { get; init; }

    public required int StepInEpoch { get; init; }

    /// <summary>Sums over the epoch in progress.</summary>
    public required EpochTotals Totals { get; init; }

    public required double ElapsedSeconds { get; init; }

    public required IReadOnlyList<TrainingMetrics> Epochs { get; init; }

    /// <summary>The epoch of the best weights, counted from 1; 0 while there are none.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>AdamW's own step counts, in the order of its parameters.</summary>
    public required IReadOnlyList<long> OptimizerSteps { get; init; }

    /// <summary>The options that decide the outcome; a resumed training must repeat them.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>A hash of the training and validation rows.</summary>
    public required string DataHash { get; init; }

    /// <summary>The length of metrics.jsonl at this point; what follows belongs to steps that will be done again.</summary>
    public required long MetricsLength { get; init; }
}

/// <summary>Sums over an epoch in progress.</summary>
sealed record EpochTotals(double Loss, long Correct, long Images, double TrainingSeconds, double WaitingSeconds)
{
    public static EpochTotals Zero { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Each layer's penalty, summed over rows.</summary>
    public PenaltySums Penalties { get; init; } = PenaltySums.None;

    public static EpochTotals operator +(EpochTotals left, EpochTotals right) => new(left.Loss + right.Loss, left.Correct + right.Correct,
        left.Images + right.Images, left.TrainingSeconds + right.TrainingSeconds, left.WaitingSeconds + right.WaitingSeconds)
    {
        Penalties = left.Penalties.Add(right.Penalties),
    };

    public static EpochTotals operator -(EpochTotals left, EpochTotals right) => new(left.Loss - right.Loss, left.Correct - right.Correct,
        left.Images - right.Images, left.TrainingSeconds - right.TrainingSeconds, left.WaitingSeconds - right.WaitingSeconds)
    {
        Penalties = left.Penalties.Subtract(right.Penalties),
    };
}

/// <summary>
/// One generation of a checkpoint: tensors in <c>checkpoint-{step}.safetensors</c>, all else in <c>checkpoint-{step}.json</c>, which is written last, holds
/// the other file's SHA-256 and a SHA-256 of its own content. A changed byte in either is found before anything is used.
/// </summary>
sealed record Checkpoint(CheckpointState State, Dictionary<string, Tensor> Tensors) : IDisposable
{
    const string Format = "noisynn-checkpoint-1";

    static readonly JsonSerializerOptions Json = new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static void Write(string jsonPath, CheckpointState state, IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        var tensorPath = TensorPath(jsonPath);
        var tensorHash = "";
        AtomicFile.Write(tensorPath, stream =>
        {
            using var hash = SHA256.Create();
            using var hashing = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true);
            Safetensors.Write(hashing, tensors, new Dictionary<string, string> { ["format"] = Format });
            hashing.FlushFinalBlock();
            tensorHash = Convert.ToHexStringLower(hash.Hash!);
        });

        var body = JsonSerializer.Serialize(new Body(tensorHash, state), Json);
        var envelope = JsonSerializer.SerializeToUtf8Bytes(new Envelope(Format, Hash(body), body), Json);
        AtomicFile.Write(jsonPath, stream => stream.Write(envelope));
    }

    /// <exception cref="InvalidDataException">A byte of the checkpoint is missing or not as it was written; the message names the file.</exception>
    public static Checkpoint Read(string jsonPath)
    {
        Body? body;
        try
        {
            var bytes = File.ReadAllBytes(jsonPath);
            if (JsonSerializer.Deserialize<Envelope>(bytes, Json) is not { Format: Format, Sha256: { } hash, Body: { } text } envelope)
                throw Refuse(jsonPath, $"it is not of the format {Format}");
            // The same text has other spellings in JSON; a file that was written here has this one.
            if (hash != Hash(text) || !JsonSerializer.SerializeToUtf8Bytes(envelope, Json).AsSpan().SequenceEqual(bytes))
                throw Refuse(jsonPath, "its content does not match its checksum");
            body = JsonSerializer.Deserialize<Body>(text, Json) ?? throw Refuse(jsonPath, "it is empty");
        }
        catch (JsonException exception)
        {
            throw Refuse(jsonPath, $"it is no valid JSON ({exception.Message})");
        }

        var tensorPath = TensorPath(jsonPath);
        if (!File.Exists(tensorPath))
            throw Refuse(jsonPath, $"its tensors, '{tensorPath}', are missing");
        using (var stream = File.OpenRead(tensorPath))
        {
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != body.TensorSha256)
                throw Refuse(tensorPath, "its content does not match the checksum in its JSON file");
        }
        return new Checkpoint(body.State, Safetensors.Read(tensorPath));
    }

    public static void Delete(string jsonPath)
    {
        File.Delete(jsonPath);
        File.Delete(TensorPath(jsonPath));
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }

    static string TensorPath(string jsonPath) => Path.ChangeExtension(jsonPath, ".safetensors");

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static InvalidDataException Refuse(string path, string reason) => new($"The checkpoint '{path}' cannot be used: {reason}.");

    // The body is kept as the text that was hashed, so that no second serialisation has to give the same bytes.
    sealed record Envelope(string Format, string Sha256, string Body);

    sealed record Body(string TensorSha256, CheckpointState State);
}
