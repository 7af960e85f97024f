namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>Which input of a model rows feed, and which output becomes a column; or why none does, and what to do about it.</summary>
static class OnnxRoles
{
    /// <summary>The input that rows are fed to: the named one, or the only one.</summary>
    /// <param name="file">The model's file, for messages.</param>
    /// <param name="model">Its inputs and outputs.</param>
    /// <param name="name">The input's name; null for the only one.</param>
    /// <exception cref="ArgumentException">There is no such input, or there are several and none is named.</exception>
    /// <exception cref="NotSupportedException">Rows of one column cannot feed the model.</exception>
    public static OnnxTensorInfo FindInput(string file, OnnxSignature model, string? name)
    {
        if (model.OtherInputs.Count > 0)
            throw new NotSupportedException(
                $"The input '{model.OtherInputs[0]}' of '{file}' is a sequence, a map or optional, and rows are "
                    + "tensors. Export the model with one tensor of floats as its input."
            );
        var input =
            name is not null ? model.Inputs.FirstOrDefault(tensor => tensor.Name == name)
            : model.Inputs.Count == 1 ? model.Inputs[0]
            : null;
        if (input is null)
            throw new ArgumentException(
                name is null
                    ? $"'{file}' has {Described(model.Inputs, "inputs")}; name the one to feed."
                    : $"'{file}' has no input '{name}'. It has {Described(model.Inputs, "inputs")}."
            );
        if (model.Inputs.Count > 1)
            throw new NotSupportedException(
                $"'{file}' needs {Described(model.Inputs, "inputs")} at once; rows of one column can feed one input only."
            );
        return Problem(input, OnnxElement.IsInput(input.ElementType), "floats, doubles, halves or bytes") is not { } problem
            ? input
            : throw new NotSupportedException(
                $"Rows cannot feed the input {input} of '{file}': {problem}. Export the model with floats as its input "
                    + "and an open first dimension."
            );
    }

    /// <summary>The output that becomes a column: the named one, "Score", the first, or the only one that can.</summary>
    /// <param name="file">The model's file, for messages.</param>
    /// <param name="model">Its inputs and outputs.</param>
    /// <param name="name">The output's name; null for a choice.</param>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    /// <exception cref="NotSupportedException">The output cannot become a column.</exception>
    public static OnnxTensorInfo FindOutput(string file, OnnxSignature model, string? name)
    {
        var usable = model.Outputs.Where(output => OutputProblem(output) is null).ToList();
        var chosen =
            name is not null ? model.Outputs.FirstOrDefault(output => output.Name == name)
            : model.Outputs.FirstOrDefault(output => output.Name == "Score") is { } score ? score
            : usable.Count == 1 ? usable[0]
            : model.Outputs.Count > 0 ? model.Outputs[0]
            : null;
        if (chosen is not null)
            return OutputProblem(chosen) is not { } problem
                ? chosen
                : throw new NotSupportedException(
                    $"The output {chosen} of '{file}' cannot become a column: {problem}. {Remedy(model, usable)}"
                );
        if (name is not null && !model.OtherOutputs.Contains(name))
            throw new ArgumentException($"'{file}' has no output '{name}'. It has {Described(model.Outputs, "outputs")}.");
        throw new NotSupportedException(
            $"The output '{name ?? model.OtherOutputs[0]}' of '{file}' cannot become a column: it is a sequence, a map "
                + $"or optional. {Remedy(model, usable)}"
        );
    }

    static string Remedy(OnnxSignature model, List<OnnxTensorInfo> usable) =>
        usable.Count > 0 ? $"Name another one with --tensor, or Options.Output in code: {string.Join(", ", usable)}."
        : model.OtherOutputs.Count > 0
            ? "No other output can. Export the model with a tensor of floats; in skl2onnx, that is options={'zipmap': False}."
        : "No other output can. Export the model with an output of floats that has a row for each row of the input.";

    static string? OutputProblem(OnnxTensorInfo output) =>
        Problem(output, OnnxElement.IsOutput(output.ElementType), "floats, doubles or halves");

    /// <summary>Why rows of a column cannot be this tensor; null if they can.</summary>
    static string? Problem(OnnxTensorInfo tensor, bool isElementKnown, string elements)
    {
        if (!isElementKnown)
            return $"its values are not {elements}";
        if (tensor.Dimensions.Count == 0)
            return "it is one value for the whole batch, without a dimension for rows";
        if (tensor.Dimensions[0] == 0)
            return "the file says that a batch has 0 rows";
        // Open dimensions count as one here; a column fills them in later.
        var rowLength = tensor.RowDimensions.Aggregate(1.0, (length, dimension) => length * Math.Abs(dimension));
        return rowLength < 1 || rowLength > Array.MaxLength ? $"it has {rowLength:g4} values per row" : null;
    }

    static string Described(IReadOnlyList<OnnxTensorInfo> tensors, string kind) =>
        tensors.Count == 0 ? $"no tensor {kind}" : $"the {kind} {string.Join(", ", tensors)}";
}
