using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.Hosted;

/// <summary>A part of a module with hooks before and after it.</summary>
sealed class Submodule
{
    readonly Module<Tensor, Tensor> _module;

    Submodule(string name, Module<Tensor, Tensor> module) => (Name, _module) = (name, module);

    public string Name { get; }

    /// <summary>The shape of one row of the input, without the batch; null before the first call.</summary>
    public IReadOnlyList<int>? InputShape { get; private set; }

    /// <summary>The shape of one row of the output, without the batch; null before the first call.</summary>
    public IReadOnlyList<int>? OutputShape { get; private set; }

    /// <summary>The parts of these names, or the module's children if there are no names.</summary>
    /// <exception cref="ArgumentException">The module has no such part, or the part is a list, which computes nothing.</exception>
    public static Submodule[] Find(Module<Tensor, Tensor> module, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return
            [
                .. module
                    .named_children()
                    .Where(child => child.module is Module<Tensor, Tensor>)
                    .Select(child => new Submodule(child.name, (Module<Tensor, Tensor>)child.module)),
            ];
        var parts = module.named_modules().Where(part => part.name.Length > 0).ToDictionary(part => part.name, part => part.module);
        return [.. names.Select(name => new Submodule(name, Require(name)))];

        Module<Tensor, Tensor> Require(string name) =>
            !parts.TryGetValue(name, out var part)
                ? throw new ArgumentException(
                    $"The module '{module.GetType().Name}' has no submodule '{name}'; it has {string.Join(", ", parts.Keys)}."
                )
                : part as Module<Tensor, Tensor>
                    ?? throw new ArgumentException(
                        $"The submodule '{name}' of '{module.GetType().Name}' is a {part.GetType().Name}, which does not map "
                            + "one tensor to one tensor; name a part of it."
                    );
    }

    /// <summary>Registers functions that may change the input and the output.</summary>
    public void Attach(Func<Tensor, Tensor> before, Func<Tensor, Tensor> after)
    {
        _module.register_forward_pre_hook(
            (_, input) =>
            {
                InputShape ??= RowShape(input);
                return before(input);
            }
        );
        _module.register_forward_hook(
            (_, _, output) =>
            {
                OutputShape ??= RowShape(output);
                return after(output);
            }
        );
    }

    static int[] RowShape(Tensor rows) => [.. rows.shape.Skip(1).Select(size => (int)size)];
}
