namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // State dictionaries, and the .dat files that they are written to: the number of entries (LEB128), then each name and tensor.
        public partial class Module
        {
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var before = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(before + name, parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(before + name, buffer);
                return destination;
            }

            /// <summary>Copies values into the parameters and buffers of the same names.</summary>
            /// <param name="source">Tensors by name.</param>
            /// <param name="strict">Whether a name that only one side has is an error.</param>
            /// <param name="skip">Names to leave alone.</param>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                skip ??= [];
                var destination = state_dict();
                var missing = destination.Keys.Except(source.Keys).Except(skip).ToList();
                var unexpected = source.Keys.Except(destination.Keys).Except(skip).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary."
                        + (missing.Count > 0 ? $" Missing: {string.Join(", ", missing)}." : "")
                        + (unexpected.Count > 0 ? $" Unexpected: {string.Join(", ", unexpected)}." : ""));
                }
                using var untracked = no_grad();
                foreach (var (name, tensor) in source)
                {
                    if (!skip.Contains(name) && destination.TryGetValue(name, out var target)) target.copy_(tensor);
                }
                return (missing, unexpected);
            }

            // ---- files

            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var entries = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToList();
                writer.Write7BitEncodedInt64(entries.Count);
                foreach (var (name, tensor) in entries)
                {
                    writer.Write(name);
                    tensor.Save(writer);
                }
            }

            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                if (!File.Exists(location)) throw new FileNotFoundException($"There is no file '{location}' to load a module from.", location);
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            /// <param name="reader">What <see cref="save(BinaryWriter, IList{string})"/> wrote.</param>
            /// <param name="strict">Whether an entry that the module lacks, or one too few, is an error.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <param name="loadedParameters">Filled with each entry's name and whether the module has it.</param>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var state = state_dict();
                var count = reader.Read7BitEncodedInt64();
                if (strict && count != state.Count) throw new ArgumentException($"Mismatched state_dict sizes: expected {state.Count}, but found {count} entries.");
                for (var i = 0L; i < count; i++)
                {
                    var name = reader.ReadString();
                    var found = state.TryGetValue(name, out var target);
                    if (!found && strict)
                        throw new ArgumentException($"Mismatched module state names: the target modules does not have a submodule or buffer named '{name}'");
                    if (found && skip?.Contains(name) != true) target!.Load(reader);
                    else TensorExtensionMethods.Load(reader, skip: true).Dispose();
                    loadedParameters?.Add(name, found);
                }
                return this;
            }

            public static Module Create<T>(string path) where T : Module, new() => new T().load(path);
        }
    }
}
