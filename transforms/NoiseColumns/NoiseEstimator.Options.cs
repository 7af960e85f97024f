using Microsoft.ML;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Transforms.NoiseColumns;

public sealed partial class NoiseEstimator
{
    /// <summary>The noise, its columns, and when it acts.</summary>
    public sealed class Options
    {
        /// <summary>The column to make; of the input's type.</summary>
        public string OutputColumnName = "Pixels";

        /// <summary>The column to put noise on; null for the output column itself, in place.</summary>
        public string? InputColumnName;

        /// <summary>
        /// Several columns, each with its own random numbers, in place of the two names above; null for one column.
        /// </summary>
        public InputOutputColumnPair[]? Columns;

        /// <summary>
        /// The noise. Its axis is looked up in the column's type: <c>[channels, height, width]</c>, <c>[tokens, channels]</c> or
        /// <c>[n]</c>.
        /// </summary>
        public NoiseDefinition? Noise;

        /// <summary>When the noise acts.</summary>
        public NoiseScope Scope = NoiseScope.Training;

        /// <summary>
        /// The probability with which a row takes the noise; the other rows stay as they are. The row's id and the seed decide, so every
        /// cursor sees the same choice. Noise across the batch takes all rows: mixing only some of them would be another matrix, which is
        /// not checked.
        /// </summary>
        public double RowProbability = 1;

        /// <summary>
        /// A row's shape if the column's type does not have it, as after Concatenate: <c>[3, 32, 32]</c> for a vector of 3072. It
        /// overrides the shape of the type. To mix the rows of interleaved pixels, <c>[height, width, channels]</c>, use
        /// <c>[1, height, width * channels]</c>. Null takes the shape of the type.
        /// </summary>
        public int[]? Dimensions;

        /// <summary>
        /// The seed of the random values. They also depend on the output column's name and on the number of noises before this one. Null
        /// draws a seed from the context, which is repeatable if the context has a seed.
        /// </summary>
        public int? Seed;

        /// <summary>
        /// Rows per batch for noise across the batch; it has no effect on other noise. Null takes 64 or, for your own matrix, the last
        /// multiple of its rows up to 64.
        /// </summary>
        public int? BatchSize;

        internal IReadOnlyList<InputOutputColumnPair> Pairs => Columns ?? [new(OutputColumnName, InputColumnName)];

        internal int RowsPerBatch => BatchSize ?? (Noise is QualityMatrixNoise { Size: var group } ? Math.Max(1, 64 / group) * group : 64);

        internal Options CheckedCopy()
        {
            var copy = (Options)MemberwiseClone();
            copy.Columns = (InputOutputColumnPair[]?)Columns?.Clone();
            copy.Dimensions = (int[]?)Dimensions?.Clone();
            copy.CheckColumns();
            copy.CheckNoise();
            return copy;
        }

        void CheckColumns()
        {
            if (Columns is null)
            {
                ArgumentException.ThrowIfNullOrEmpty(OutputColumnName);
                if (InputColumnName is not null)
                    ArgumentException.ThrowIfNullOrEmpty(InputColumnName);
            }
            if (Pairs.Count == 0 || Pairs.Contains(null!))
                throw new ArgumentException(
                    "Columns has no pairs, or one of them is null. Give at least one pair of columns.",
                    nameof(Columns)
                );
            for (var i = 0; i < Pairs.Count; i++)
            {
                var made = Pairs[i].OutputColumnName;
                if (Pairs.Take(i).Any(pair => pair.OutputColumnName == made))
                    throw new ArgumentException($"Column '{made}' is made twice. Use an estimator for each noise.", nameof(Columns));
                if (Pairs[i].InputColumnName != made && Pairs.Any(pair => pair.InputColumnName == made))
                    throw new ArgumentException(
                        $"Column '{made}' is made from '{Pairs[i].InputColumnName}' and read as well. Use two estimators.",
                        nameof(Columns)
                    );
            }
        }

        void CheckNoise()
        {
            ArgumentNullException.ThrowIfNull(Noise);
            if (!Enum.IsDefined(Scope))
                throw new ArgumentOutOfRangeException(nameof(Scope), Scope, "Scope is Training or Always.");
            if (!(RowProbability is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(RowProbability), RowProbability, "The probability of a row is from 0 to 1.");
            ArgumentOutOfRangeException.ThrowIfLessThan(RowsPerBatch, 1, nameof(BatchSize));
            if (Dimensions is { Length: 0 } || Dimensions?.Any(dimension => dimension < 1) is true)
                throw new ArgumentOutOfRangeException(
                    nameof(Dimensions),
                    "Dimensions are whole numbers of at least 1, such as [3, 32, 32]."
                );
            if (Noise is LinearTransformNoise { Axis: MixAxis.Batch })
                CheckBatches();
        }

        void CheckBatches()
        {
            var mixing = (LinearTransformNoise)Noise!;
            if (RowProbability < 1)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(RowProbability),
                    RowProbability,
                    "Noise across the batch takes every row, because mixing only some rows would be "
                        + "another matrix. Leave the probability at 1, or mix within rows."
                );
            }
            if (mixing is QualityMatrixNoise { Size: var group } && RowsPerBatch % group != 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(BatchSize),
                    BatchSize,
                    $"Q mixes groups of {group} rows, so the last rows of each batch would stay as "
                        + $"they are. Give a batch size that is a multiple of {group}."
                );
            }
            try
            {
                // The last block of a view may have any size up to the full one. An error there would come too late, so every size is
                // checked.
                for (var size = RowsPerBatch; size >= 1; size--)
                    mixing.ThrowIfSingular(size);
            }
            catch (InvalidOperationException exception)
            {
                throw new InvalidOperationException(
                    $"Column '{Pairs[0].InputColumnName}', in blocks of up to {RowsPerBatch} rows: {exception.Message}",
                    exception
                );
            }
        }
    }
}
