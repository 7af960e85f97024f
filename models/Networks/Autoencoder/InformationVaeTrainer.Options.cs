using System.Text.Json;
using Microsoft.ML;
using NoisyNN.Models.Training.Process;

namespace NoisyNN.Models.Networks.Autoencoder;

public sealed partial class InformationVaeTrainer
{
    /// <summary>Options of <see cref="InformationVaeTrainer"/>.</summary>
    public sealed class Options
    {
        /// <summary>Raw pixels, planar, 0..255: a <c>Vector&lt;Single&gt;</c> of known size C·H·W.</summary>
        public string InputColumnName = "Pixels";

        /// <summary>The column of codes without noise that is appended.</summary>
        public string EmbeddingColumnName = "Embedding";

        /// <summary>
        /// The column of bounds that is appended, nats, each with one draw of the code that depends on the row alone; null for none. A
        /// model with it cannot be saved by
        /// <c>Model.Save</c>.
        /// </summary>
        public string? BoundColumnName = "Bound";

        /// <summary>The sizes and the posterior.</summary>
        public InformationVaeConfiguration Network = new();

        /// <summary>Passes over the training rows.</summary>
        public int MaxEpoch = 20;

        /// <summary>Rows in a step, and rows that the trained model computes at once.</summary>
        public int BatchSize = 128;

        /// <summary>AdamW's rate after a warm-up of half an epoch; it ends at a tenth of it.</summary>
        public double LearningRate = 1e-3;

        /// <summary>
        /// Seeds the first weights, the order of the rows and the codes. Null draws one from the context when the trainer is made, which is
        /// repeatable if the context has a seed; a training that another process may have to resume needs one or the other.
        /// </summary>
        public int? Seed;

        /// <summary>Rows whose bound is reported after each epoch. The last epoch's weights are kept in any case.</summary>
        public IDataView? ValidationSet;

        /// <summary>A folder for checkpoints and <c>metrics.jsonl</c>; null writes nothing.</summary>
        public string? WorkspacePath;

        /// <summary>
        /// Goes on from the newest checkpoint in <see cref="WorkspacePath"/>, if there is one, with the same options and rows.
        /// </summary>
        public bool Resume;

        /// <summary>Steps between checkpoints; one is always written after an epoch. 0 writes none in between.</summary>
        public int CheckpointEverySteps;

        /// <summary>
        /// Stops the training after the step in progress. What there is is kept: a checkpoint, and a model with the weights of that step
        /// whose
        /// <see cref="InformationVaeResult.Interrupted"/> is set.
        /// </summary>
        public CancellationToken CancellationToken;

        /// <summary>Called on the training thread after each epoch.</summary>
        public Action<InformationVaeMetrics>? MetricsCallback;

        /// <summary>
        /// Torch's threads while training; 0 takes the process's setting. A resumed training repeats another bit by bit with the same
        /// number.
        /// </summary>
        public int ThreadCount;

        internal void Validate()
        {
            ArgumentNullException.ThrowIfNull(Network);
            Network.Validate();
            Require(!string.IsNullOrWhiteSpace(InputColumnName), nameof(InputColumnName), "empty", "give the name of a column");
            Require(!string.IsNullOrWhiteSpace(EmbeddingColumnName), nameof(EmbeddingColumnName), "empty", "give the name of a column");
            Require(
                BoundColumnName is null || (BoundColumnName.Trim().Length > 0 && BoundColumnName != EmbeddingColumnName),
                nameof(BoundColumnName),
                BoundColumnName!,
                $"it must be a name other than {nameof(EmbeddingColumnName)}, or null"
            );
            Require(MaxEpoch >= 1, nameof(MaxEpoch), MaxEpoch, "it must be at least 1");
            Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "it must be at least 1");
            Require(
                LearningRate > 0 && double.IsFinite(LearningRate),
                nameof(LearningRate),
                LearningRate,
                "it must be a finite number above 0; 0.001 is a usual start"
            );
            Require(
                WorkspacePath is null || WorkspacePath.Trim().Length > 0,
                nameof(WorkspacePath),
                "\"\"",
                "give a folder, or null to write nothing"
            );
            Require(
                !Resume || WorkspacePath is not null,
                nameof(Resume),
                Resume,
                $"it needs {nameof(WorkspacePath)}, the folder that holds the checkpoint"
            );
            Require(CheckpointEverySteps >= 0, nameof(CheckpointEverySteps), CheckpointEverySteps, "it must be at least 0");
            Require(
                CheckpointEverySteps == 0 || WorkspacePath is not null,
                nameof(CheckpointEverySteps),
                CheckpointEverySteps,
                $"it needs {nameof(WorkspacePath)}, the folder to write to"
            );
            Require(
                ThreadCount is >= 0 and <= ThreadLimit.Largest,
                nameof(ThreadCount),
                ThreadCount,
                $"it must be from 0, which leaves libtorch's own number, to {ThreadLimit.Largest}"
            );
        }

        /// <summary>Everything that decides the outcome: what a checkpoint was made with and a resumed training must repeat.</summary>
        internal IReadOnlyDictionary<string, string> Describe(int seed) =>
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [nameof(Network)] = $"{nameof(InformationVae)} {JsonSerializer.Serialize(Network)}",
                [nameof(MaxEpoch)] = FormattableString.Invariant($"{MaxEpoch}"),
                [nameof(BatchSize)] = FormattableString.Invariant($"{BatchSize}"),
                [nameof(LearningRate)] = FormattableString.Invariant($"{LearningRate:R}"),
                [nameof(Seed)] = FormattableString.Invariant($"{seed}"),
            };

        static void Require(bool holds, string name, object value, string rule)
        {
            if (!holds)
                throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; {rule}."), name);
        }
    }
}
