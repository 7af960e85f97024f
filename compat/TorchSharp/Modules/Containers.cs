using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules one after the other. What lies between two of them is disposed on the way.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string name, nn.IModule<Tensor, Tensor> module)> _steps = [];

        protected internal Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules) append(name, module);
        }

        protected internal Sequential(params nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
        {
            foreach (var module in modules) append(module);
        }

        public int Count => _steps.Count;

        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => _steps[index].module;

        public Sequential append(nn.IModule<Tensor, Tensor> module) => append(_steps.Count.ToString(CultureInfo.InvariantCulture), module);

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            register_module(name, (nn.Module)module);
            _steps.Add((name, module));
            return this;
        }

        public override Tensor forward(Tensor tensor)
        {
            if (_steps.Count == 0) return tensor.alias();
            var value = _steps[0].module.call(tensor);
            for (var i = 1; i < _steps.Count; i++)
            {
                var next = _steps[i].module.call(value);
                value.Dispose();
                value = next;
            }
            return value;
        }
    }

    /// <summary>Modules by number.</summary>
    public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
    {
        private readonly List<T> _list;
        private bool _registered;

        public ModuleList(params T[] modules) : base(nameof(ModuleList<>)) => _list = [.. modules];

        /// <summary>Names the modules by their numbers; what is added afterwards is not registered.</summary>
        protected override void RegisterComponents()
        {
            if (_registered) return;
            for (var i = 0; i < _list.Count; i++) register_module(i.ToString(CultureInfo.InvariantCulture), _list[i]);
            _registered = true;
        }

        public T this[int index]
        {
            get => _list[index];
            set => _list[index] = value;
        }

        public int Count => _list.Count;

        public bool IsReadOnly => false;

        public void Add(T item) => _list.Add(item);

        public void append(params T[] parameters) => _list.AddRange(parameters);

        public void extend(IEnumerable<T> modules) => _list.AddRange(modules);

        public void Insert(int index, T item) => _list.Insert(index, item);

        public bool Remove(T item) => _list.Remove(item);

        public void RemoveAt(int index) => _list.RemoveAt(index);

        public void Clear() => _list.Clear();

        public bool Contains(T item) => _list.Contains(item);

        public int IndexOf(T item) => _list.IndexOf(item);

        public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>Modules by name, in the order of their addition.</summary>
    public class ModuleDict<T> : nn.Module, IEnumerable<(string, T)> where T : nn.Module
    {
        private readonly List<(string name, T module)> _entries = [];
        private bool _registered;

        public ModuleDict() : base(nameof(ModuleDict<>))
        {
        }

        /// <summary>Registers the modules under their names; what is added afterwards is not registered.</summary>
        protected override void RegisterComponents()
        {
            if (_registered) return;
            foreach (var (name, module) in _entries) register_module(name, module);
            _registered = true;
        }

        public T this[string key]
        {
            get => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no module '{key}' here.");
            set
            {
                var at = _entries.FindIndex(entry => entry.name == key);
                if (at < 0) _entries.Add((key, value));
                else _entries[at] = (key, value);
            }
        }

        public int Count => _entries.Count;

        public void Add(string key, T value) => Add((key, value));

        public void Add((string, T) item) =>
            _entries.Add(ContainsKey(item.Item1) ? throw new ArgumentException($"There is a module '{item.Item1}' already.", nameof(item)) : item);

        public bool ContainsKey(string key) => _entries.Exists(entry => entry.name == key);

        public bool TryGetValue(string key, out T value)
        {
            value = _entries.Find(entry => entry.name == key).module;
            return value is not null;
        }

        public bool Remove(string key) => _entries.RemoveAll(entry => entry.name == key) > 0;

        public void clear() => _entries.Clear();

        public IEnumerator<(string, T)> items() => _entries.GetEnumerator();

        public IEnumerable<string> keys() => _entries.Select(entry => entry.name);

        public IEnumerable<T> values() => _entries.Select(entry => entry.module);

        public IEnumerator<(string, T)> GetEnumerator() => _entries.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new(modules.ToArray());

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules.ToArray());

            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var dictionary = new ModuleDict<T>();
                foreach (var entry in modules) dictionary.Add(entry);
                return dictionary;
            }
        }
    }
}
