namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What can be called with one value.</summary>
        public interface IModule<T, TResult>
        {
            TResult call(T input1);
        }

        /// <summary>What can be called with two values.</summary>
        public interface IModule<T1, T2, TResult>
        {
            TResult call(T1 input1, T2 input2);
        }

        /// <summary>What can be called with three values.</summary>
        public interface IModule<T1, T2, T3, TResult>
        {
            TResult call(T1 input1, T2 input2, T3 input3);
        }

        /// <summary>A module that calls others before and after its own computation.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly List<(string key, TPreHook? hook, Action<Module>? plain)> _before = [];
            private readonly List<(string key, TPostHook? hook, Action<Module>? plain)> _after = [];

            protected HookableModule(string name) : base(name)
            {
            }

            /// <summary>A hook sees the inputs and may put others in their place.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(_before, hook, null);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(_before, default, hook);

            /// <summary>A hook sees the inputs and the result, and may put another result in its place.</summary>
            public HookRemover register_forward_hook(TPostHook hook) => Register(_after, hook, null);

            public HookRemover register_forward_hook(Action<Module> hook) => Register(_after, default, hook);

            private HookRemover Register<THook>(List<(string, THook?, Action<Module>?)> hooks, THook? hook, Action<Module>? plain)
            {
                var key = Guid.NewGuid().ToString();
                hooks.Add((key, hook, plain));
                return new HookRemover(this, key);
            }

            internal bool HasHooks => _before.Count + _after.Count > 0;

            internal List<TPreHook> PreHooks()
            {
                foreach (var (_, _, plain) in _before) plain?.Invoke(this);
                return [.. _before.Where(entry => entry.hook is not null).Select(entry => entry.hook!)];
            }

            internal List<TPostHook> PostHooks() => [.. _after.Where(entry => entry.hook is not null).Select(entry => entry.hook!)];

            internal void CallPlainPostHooks()
            {
                foreach (var (_, _, plain) in _after) plain?.Invoke(this);
            }

            private void Remove(string key)
            {
                _before.RemoveAll(entry => entry.key == key);
                _after.RemoveAll(entry => entry.key == key);
            }

            /// <summary>Takes a hook away again.</summary>
            public class HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
            {
                public void remove() => module.Remove(key);
            }
        }

        /// <summary>A module of one input.</summary>
        public abstract class Module<T, TResult> :
            HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            /// <summary>The computation itself; callers use <see cref="call"/>, which minds the hooks.</summary>
            public abstract TResult forward(T input);

            public TResult call(T input)
            {
                if (!HasHooks) return forward(input);
                foreach (var hook in PreHooks()) input = hook(this, input) ?? input;
                var result = forward(input);
                foreach (var hook in PostHooks()) result = hook(this, input, result) ?? result;
                CallPlainPostHooks();
                return result;
            }
        }

        /// <summary>A module of two inputs.</summary>
        public abstract class Module<T1, T2, TResult> :
            HookableModule<Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?>, Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>>, IModule<T1, T2, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2)
            {
                if (!HasHooks) return forward(input1, input2);
                foreach (var hook in PreHooks()) (input1, input2) = hook(this, input1, input2) ?? (input1, input2);
                var result = forward(input1, input2);
                foreach (var hook in PostHooks()) result = hook(this, input1, input2, result) ?? result;
                CallPlainPostHooks();
                return result;
            }
        }

        /// <summary>A module of three inputs.</summary>
        public abstract class Module<T1, T2, T3, TResult> :
            HookableModule<Func<Module<T1, T2, T3, TResult>, T1, T2, T3, (T1, T2, T3)?>, Func<Module<T1, T2, T3, TResult>, T1, T2, T3, TResult, TResult>>,
            IModule<T1, T2, T3, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            public TResult call(T1 input1, T2 input2, T3 input3)
            {
                if (!HasHooks) return forward(input1, input2, input3);
                foreach (var hook in PreHooks()) (input1, input2, input3) = hook(this, input1, input2, input3) ?? (input1, input2, input3);
                var result = forward(input1, input2, input3);
                foreach (var hook in PostHooks()) result = hook(this, input1, input2, input3, result) ?? result;
                CallPlainPostHooks();
                return result;
            }
        }
    }
}
