namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>Finds the decimal sign of a table from all of its numbers: a point, or a comma if only a comma makes them numbers.</summary>
static class DecimalSign
{
    /// <summary>The sign under which every number has one meaning.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="cells">The cells that should be numbers, with their lines.</param>
    /// <param name="given">The sign that the user gives; null to find it.</param>
    /// <exception cref="InvalidDataException">The numbers contradict each other, or have two meanings each.</exception>
    public static char Of(string path, IEnumerable<(int Line, string Cell)> cells, char? given)
    {
        if (given is { } sign)
            return sign;
        // Without a comma, and without two points in a number, there is nothing to decide.
        if (!cells.Any(cell => cell.Cell.Contains(',') || cell.Cell.AsSpan().Count('.') > 1))
            return '.';
        (int Line, string Cell)? onlyComma = null,
            onlyPoint = null,
            eitherComma = null,
            eitherPoint = null;
        var isEuropean = false;
        foreach (var (line, cell) in cells)
        {
            var hasComma = cell.Contains(',');
            if (!hasComma && !cell.Contains('.') || !NumberText.IsNumber(cell))
                continue;
            switch (NumberText.Parse(cell, '.'), NumberText.Parse(cell, ','))
            {
                case (null, not null):
                    onlyComma ??= (line, cell);
                    isEuropean |= cell.Contains('.');
                    break;
                case (not null, null):
                    onlyPoint ??= (line, cell);
                    break;
                case (not null, not null) when hasComma:
                    eitherComma ??= (line, cell);
                    break;
                case (not null, not null):
                    eitherPoint ??= (line, cell);
                    break;
            }
        }
        if (onlyComma is { } comma && (onlyPoint ?? (isEuropean ? null : eitherPoint)) is { } point)
        {
            throw new InvalidDataException(
                $"{path}: '{comma.Cell}' in line {comma.Line} has a decimal comma, but '{point.Cell}' in line {point.Line} a point. "
                    + "Write all numbers in one way, or say with --decimal comma that points group thousands."
            );
        }
        if (onlyComma is null && onlyPoint is null && eitherComma is { } either)
        {
            var (withPoint, withComma) = (NumberText.Parse(either.Cell, '.'), NumberText.Parse(either.Cell, ','));
            throw new InvalidDataException(
                FormattableString.Invariant($"{path}, line {either.Line}: '{either.Cell}' can be {withPoint:R} or {withComma:R}. ")
                    + "Say which with --decimal point or --decimal comma."
            );
        }
        return onlyComma is null ? '.' : ',';
    }
}
