using System.CommandLine;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>A file of numbers to measure, with or without labels: <c>--input</c>, <c>--labels</c> and <c>--label-column</c>.</summary>
sealed class MeasuredFile
{
    readonly Option<string?> _input = new("--input")
    {
        Description = "Rows of numbers: a .npy array, whose first axis counts the rows, or a .csv table with or without a header.",
        HelpName = "FILE",
    };
    readonly Option<string?> _labels = new("--labels")
    {
        Description =
            "With --input: a .npy or .csv file of labels. Words and integers are classes. Numbers with fractions are divided "
            + "into bins, rows of several numbers into clusters; --clusters is the number of both.",
        HelpName = "FILE",
    };
    readonly Option<string?> _labelColumn = new("--label-column")
    {
        Description =
            "With a .csv --input: the column of labels, by name or by number from 1, or none if every column is a "
            + "feature. Default: none, but a column with a name such as 'label' is an error that asks for this option.",
        HelpName = "NAME",
    };
    readonly TableArguments _tables = new();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_input, _labels, _labelColumn])
            command.Add(option);
        _tables.AddTo(command);
    }

    /// <summary>The file that the command line names.</summary>
    public string PathOf(ParseResult parsed) => parsed.GetValue(_input)!;

    /// <summary>Whether the command line names a file.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_input) is not null;

    /// <exception cref="UsageException">The command line has options for a file that it does not name.</exception>
    public void Refuse(ParseResult parsed)
    {
        if (parsed.GetValue(_labels) is not null || parsed.GetValue(_labelColumn) is not null)
            throw new UsageException("images come with their labels; leave out --labels and --label-column.");
        if (_tables.Given(parsed) is { } stray)
            throw new UsageException($"{stray} goes with --input.");
    }

    /// <summary>Reads the rows and their labels, if there are any.</summary>
    /// <param name="parsed">The command line, which names a file.</param>
    /// <param name="clusters">The number of classes for continuous labels.</param>
    /// <param name="note">Receives notes about how the file was read.</param>
    /// <exception cref="UsageException">Labels are named twice.</exception>
    /// <exception cref="InvalidDataException">A file is missing or invalid.</exception>
    public (FeatureMatrix Rows, RowClasses? Classes) Read(ParseResult parsed, int clusters, Action<string> note)
    {
        var (input, labels, labelColumn) = (parsed.GetValue(_input)!, parsed.GetValue(_labels), parsed.GetValue(_labelColumn));
        if (labels is not null && labelColumn is not (null or TableOptions.NoColumn))
            throw new UsageException(
                "the labels are in a file of their own (--labels) or in a column of --input (--label-column), not in both; leave out one."
            );
        var (table, labelTable) = _tables.Read(parsed, input, labels);
        var (rows, classes) = VectorFile.Read(input, labelColumn, clusters, table, note);
        return (rows, labels is null ? classes : VectorFile.ReadLabels(labels, rows.RowCount, clusters, labelTable, note));
    }
}
