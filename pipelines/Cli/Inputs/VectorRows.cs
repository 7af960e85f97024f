using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>Labelled rows of numbers that a command line names: <c>--input</c> with <c>--labels</c> or <c>--label-column</c>.</summary>
sealed class VectorRows
{
    /// <summary>The column of the rows; their labels are in <c>Label</c>.</summary>
    public const string Column = "Features";

    readonly Option<string?> _input = new("--input")
    {
        Description = "Rows of numbers in place of images: a .npy array, whose first axis counts the rows, or a .csv table.",
        HelpName = "FILE",
    };
    readonly Option<string?> _labels = new("--labels") { Description = "With --input: a .npy or .csv file of labels.", HelpName = "FILE" };
    readonly Option<string?> _labelColumn = new("--label-column")
    {
        Description =
            "With a .csv --input: the column of labels, by name or by number from 1, or none if every column is a "
            + "feature. Give this or --labels.",
        HelpName = "NAME",
    };
    readonly TableArguments _table = new();
    readonly Option<string?> _shape = new("--shape")
    {
        Description =
            "With --input: the shape of a row, for noise that mixes an axis. 16,64 means 16 tokens of 64 channels. Default: "
            + "a row of numbers without axes.",
        HelpName = "SIZES",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_input, _labels, _labelColumn, _shape])
            command.Add(option);
        _table.AddTo(command);
    }

    /// <summary>Whether the command line names a file of rows.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="otherTable">Another table of text that the table options can apply to; null if there is none.</param>
    /// <exception cref="UsageException">It has an option for such a file, but names no file.</exception>
    public bool AreNamed(ParseResult parsed, string? otherTable = null)
    {
        if (parsed.GetValue(_input) is not null)
            return true;
        var stray = new[] { _labels, _labelColumn, _shape }.FirstOrDefault(option => parsed.GetValue(option) is not null);
        return (stray?.Name ?? (otherTable is null ? _table.Given(parsed) : null)) is { } name
            ? throw new UsageException($"{name} goes with --input.")
            : false;
    }

    /// <summary>The table options of the command line.</summary>
    public TableOptions TableOf(ParseResult parsed, string file) => _table.Read(parsed, file).Rows;

    /// <summary>Reads the rows and their labels.</summary>
    /// <exception cref="UsageException">Labels are missing or named twice, or the shape does not fit.</exception>
    /// <exception cref="InvalidDataException">A file is missing or invalid.</exception>
    public (string Name, IDataView Rows) Load(MLContext ml, ParseResult parsed, Terminal terminal)
    {
        var (input, labels, labelColumn) = (parsed.GetValue(_input)!, parsed.GetValue(_labels), parsed.GetValue(_labelColumn));
        if (labels is null == labelColumn is null or TableOptions.NoColumn)
            throw new UsageException(
                "--input needs labels: name a file (--labels) or a column of --input (--label-column), one of the two."
            );
        var (table, labelTable) = _table.Read(parsed, input, labels);
        var (rows, classes) = VectorFile.Read(input, labelColumn, table: table, note: terminal.Note);
        classes ??= VectorFile.ReadLabels(labels!, rows.RowCount, table: labelTable, note: terminal.Note);

        var schema = SchemaDefinition.Create(typeof(Row));
        var column = schema[nameof(Row.Values)];
        (column.ColumnName, column.ColumnType) = (
            Column,
            new VectorDataViewType(NumberDataViewType.Single, Dimensions(parsed.GetValue(_shape), rows.Dimension))
        );
        Row[] all =
        [
            .. Enumerable
                .Range(0, rows.RowCount)
                .Select(row => new Row
                {
                    Values = Array.ConvertAll(rows[row].ToArray(), value => (float)value),
                    Label = classes.Names[classes.Indexes[row]],
                }),
        ];
        return (Path.GetFileName(input), ml.Data.LoadFromEnumerable(all, schema));
    }

    static int[] Dimensions(string? shape, int length)
    {
        if (shape is null)
            return [length];
        int[] sizes =
        [
            .. shape
                .Split(',')
                .Select(text =>
                    int.TryParse(text, out var size) && size > 0
                        ? size
                        : throw new UsageException($"--shape is '{shape}'; write positive integers with commas, such as 16,64.")
                ),
        ];
        return sizes.Aggregate(1L, (product, size) => product * size) == length
            ? sizes
            : throw new UsageException($"--shape {shape} does not fit rows of {length} numbers.");
    }

    sealed class Row
    {
        public float[] Values { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
