using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansGeo.Runtime.States;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Checks;

/// <summary>States to bytes and back: what is kept, what is refused, and what it costs to know.</summary>
public sealed class StateSerializerTests : IDisposable
{
    private readonly IHost _host = CheckedHost.Build();

    [Fact]
    public void Plain_values_of_every_kind_come_back()
    {
        var state = new Everything
        {
            Small = 7,
            Price = 12.50m,
            At = new(2026, 11, 30, 1, 2, 3, DateTimeKind.Utc),
            Day = new(2026, 11, 30),
            Span = TimeSpan.FromMilliseconds(5),
            Id = Guid.Parse("7d4e0f0e-6c3c-4a8e-9a53-000000000001"),
            Maybe = null,
            Rate = 5m,
            Text = "2026-11-30T01:02:03Z",
            Bytes = [1, 2, 3],
            Pair = ("one", 1),
            Frozen = ["a", "b"],
            Json = JsonElement.Parse("""{ "a": [1, "x", null] }"""),
            More = JsonElement.Parse("[2.50]"),
            Shapes = [new Circle { Radius = 1 }, new Square(4)],
            Tags = new(StringComparer.OrdinalIgnoreCase) { "A" },
        };
        state.Children.Add(new() { Text = "child" });
        var copy = Copy(state);
        Assert.Null(StateDifference.Find(state, copy));
        Assert.Equal(4, Assert.IsType<Square>(copy.Shapes[1]).Side);
        Assert.Contains("a", copy.Tags);
        Assert.Equal("child", copy.Children.Single().Text);
    }

    [Fact]
    public void An_object_that_is_there_twice_and_a_circle_of_objects_come_back_as_such()
    {
        var node = new Node();
        node.Next = node;
        node.Other = new();
        var copy = Copy(node);
        Assert.Same(copy, copy.Next);
        Assert.NotSame(copy, copy.Other);
    }

    [Fact]
    public void What_an_author_need_not_keep_is_not_kept()
    {
        var copy = Copy(new Dropping { Kept = 1, Derived = 2, Hidden = 3, Signal = new() });
        Assert.Equal((1, 0, 0, null), (copy.Kept, copy.Derived, copy.Hidden, copy.Signal));
    }

    [Fact]
    public void A_state_that_System_Text_Json_wrote_is_still_read()
    {
        var bytes = new byte[] { 2 }.Concat(JsonSerializer.SerializeToUtf8Bytes(new PlainAudit { Changes = 7 })).ToArray();
        Assert.Equal(7, Serializer<PlainAudit>().Deserialize(bytes).Changes);
    }

    [Fact]
    public void A_record_begins_empty_where_it_has_no_parameterless_constructor()
    {
        Assert.Equal(0, StateSerializer<Square>.Create().Side);
        Assert.Equal(3, StateSerializer<PlainAccountState>.Create().Property);
        Assert.Null(StateSerializer<string>.Create());
    }

    [Fact]
    public void A_set_whose_comparer_would_be_lost_is_refused() =>
        Refused(new Loose { Value = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" } }, "Value, whose items are compared otherwise");

    [Fact]
    public void A_stack_that_would_come_back_upside_down_is_refused() => Refused(new Loose { Value = new Stack<string>(["a", "b"]) }, "Value[0]");

    [Fact]
    public void Text_that_names_a_type_does_not_choose_what_is_made() =>
        Refused(new Loose { Value = new Dictionary<string, string> { ["$type"] = "System.IO.FileInfo, System.Private.CoreLib" } }, "System.IO.FileInfo");

    /// <summary>By these names JSON says itself what an object is. Where a key of a dictionary would be taken for that, it is refused.</summary>
    [Theory]
    [InlineData("$id", "1")]
    [InlineData("$id", "7")]
    [InlineData("$ref", "1")]
    [InlineData("$ref", null)]
    [InlineData("$type", "System.String, System.Private.CoreLib")]
    [InlineData("$type", null)]
    [InlineData("$values", "1")]
    public void A_key_that_JSON_has_for_itself_comes_back_or_is_refused(string key, string? value)
    {
        foreach (var map in new Dictionary<string, string?>[] { new() { [key] = value }, new() { [key] = value, ["a"] = "b" }, new() { ["a"] = "b", [key] = value } })
        {
            Assert.All([Kept(new Loose { Value = map }), Kept(new Named { Map = map })], static kept => Assert.True(kept));
        }

        bool Kept<TState>(TState state)
        {
            try
            {
                return StateDifference.Find(state, Copy(state)) is null;
            }
            catch (GeoException refusal)
            {
                return refusal is { Code: GeoErrorCode.InvalidArgument };
            }
        }
    }

    [Fact]
    public void A_member_whose_name_JSON_has_for_itself_is_refused()
    {
        var problems = _host.Services.GetRequiredService<StateShapes>().Of(typeof(Misnamed)).Problems;
        Assert.Equal(["Misnamed.Kind", "Misnamed.Number"], problems.Select(static problem => problem.Member));
        Assert.All(problems, static problem => Assert.Contains("[JsonProperty]", problem.Text, StringComparison.Ordinal));
        Assert.Throws<GeoException>(Serializer<Misnamed>);
    }

    [Fact]
    public void A_generic_value_that_its_codec_does_not_keep_is_refused_behind_a_generic_base_member()
    {
        Assert.Equal(1, Assert.IsType<GappedCrate<int>>(Copy(new Shelf { Crate = new GappedCrate<int> { Kept = 1 } }).Crate).Kept);
        Refused(new Shelf { Crate = new GappedCrate<int> { Kept = 1, Forgotten = 2 } }, "Crate.Forgotten");
    }

    [Fact]
    public void Types_that_contain_their_own_base_are_looked_at_once()
    {
        var shapes = _host.Services.GetRequiredService<StateShapes>();
        Assert.True(shapes.Of(typeof(Term)).IsProven);
        Assert.Equal(2, Assert.IsType<Negated>(Copy(new Equation { Left = new Negated { Of = new Literal { Value = 2 } } }).Left).Of is Literal literal ? literal.Value : 0);
    }

    [Fact]
    public void A_value_of_a_type_that_the_compiler_made_is_refused()
    {
        var captured = 1;
        Func<int> lambda = () => captured;
        Refused(new Loose { Value = new { Captured = captured } }, "AnonymousType");
        Refused(new Loose { Value = new[] { new { Captured = captured } } }, "AnonymousType");
        Refused(new Loose { Value = new List<object> { lambda.Target! } }, "DisplayClass");
        Refused(new Loose { Value = Numbers() }, nameof(Numbers));

        static IEnumerable<int> Numbers()
        {
            yield return 1;
        }
    }

    [Fact]
    public void What_a_collection_expression_makes_is_kept()
    {
        var copy = Copy(new Listed { Names = ["a", "b"], Numbers = [1], Shapes = [new Square(4)], Any = [.. new List<string> { "c" }] });
        Assert.Equal(["a", "b"], copy.Names);
        Assert.Equal([1], copy.Numbers);
        Assert.Equal(4, Assert.IsType<Square>(Assert.Single(copy.Shapes)).Side);
        Assert.Equal(["c"], copy.Any);
    }

    [Fact]
    public void An_array_that_was_never_set_is_kept_as_such_and_is_not_an_empty_one()
    {
        Assert.True(Copy(new Frozen()).Values.IsDefault);
        Assert.False(Copy(new Frozen { Values = [] }).Values.IsDefault);
        Assert.Equal([1, 2], Copy(new Frozen { Values = [1, 2] }).Values.AsEnumerable());
        Assert.Null(StateDifference.Find(new Frozen(), new Frozen()));
        Assert.Equal("the state.Values", StateDifference.Find(new Frozen(), new Frozen { Values = [] }));
        Assert.Equal("the state.Values", StateDifference.Find(new Frozen { Values = [1] }, new Frozen()));
    }

    [Fact]
    public void Half_a_character_is_refused() => Refused(new Loose { Value = "\uD800" }, "Unable to translate");

    [Fact]
    public void What_is_deeper_than_can_be_read_back_is_refused()
    {
        var node = new Node();
        for (var i = 0; i < 100; i++)
        {
            node = new() { Other = node };
        }

        Refused(node, "MaxDepth");
    }

    [Fact]
    public void A_derived_value_that_its_codec_does_not_keep_is_refused_behind_a_base_member()
    {
        Assert.Equal(1, Assert.IsType<GappedPart>(Copy(new Parts { Part = new GappedPart { Kept = 1 } }).Part).Kept);
        Refused(new Parts { Part = new GappedPart { Kept = 1, Forgotten = 2 } }, "Part.Forgotten");
    }

    [Fact]
    public void A_generic_state_is_looked_at_when_it_is_used()
    {
        var refusal = Assert.Throws<GeoException>(Serializer<Boxed<GappedState>>);
        Assert.Equal(GeoErrorCode.InvalidConfiguration, refusal.Code);
        Assert.Contains("GappedState", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, Copy(new Boxed<int> { Value = 2 }).Value);
    }

    [Fact]
    public void A_list_of_what_has_no_codec_or_one_with_gaps_is_kept_as_JSON()
    {
        Assert.Equal(2, Assert.Single(Copy(new List<Circle> { new() { Radius = 2 } })).Radius);
        Assert.Equal(2, Assert.Single(Copy(new List<GappedState> { new() { Forgotten = 2 } })).Forgotten);
    }

    [Theory]
    [InlineData(typeof(CartState), true)]
    [InlineData(typeof(List<CartState>), true)]
    [InlineData(typeof(Sealed), true)]
    [InlineData(typeof(Parts), false)]
    [InlineData(typeof(Shelf), false)]
    [InlineData(typeof(Crate<string>), false)]
    [InlineData(typeof(Equation), true)]
    [InlineData(typeof(Node), false)]
    [InlineData(typeof(PlainAccountState), false)]
    public void Only_a_type_that_leaves_something_open_pays_for_a_look_at_each_write(Type type, bool isProven)
    {
        var shape = _host.Services.GetRequiredService<StateShapes>().Of(type);
        Assert.Empty(shape.Problems);
        Assert.Equal(isProven, shape.IsProven);
    }

    public void Dispose() => _host.Dispose();

    private StateSerializer<TState> Serializer<TState>() => _host.Services.GetRequiredService<StateSerializer<TState>>();

    private TState Copy<TState>(TState state)
    {
        var serializer = Serializer<TState>();
        return serializer.Deserialize(serializer.Serialize(state));
    }

    private void Refused<TState>(TState state, string named)
    {
        var refusal = Assert.Throws<GeoException>(() => Serializer<TState>().Serialize(state));
        Assert.Equal(GeoErrorCode.InvalidArgument, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    private sealed record Square(int Side) : IShape;

    private sealed class Everything
    {
        public byte Small { get; set; }

        public decimal Price { get; set; }

        public DateTime At { get; set; }

        public DateOnly Day { get; set; }

        public TimeSpan Span { get; set; }

        public Guid Id { get; set; }

        public int? Maybe { get; set; } = 4;

        public decimal? Rate { get; set; }

        public string Text { get; set; } = "";

        public byte[] Bytes { get; set; } = [];

        public (string Name, int Number) Pair { get; set; }

        public ImmutableList<string> Frozen { get; set; } = [];

        public JsonElement Json { get; set; }

        public JsonElement? More { get; set; }

        public IList<IShape> Shapes { get; set; } = [];

        public HashSet<string> Tags { get; init; } = new(StringComparer.OrdinalIgnoreCase);

        public List<Everything> Children { get; } = [];
    }

    private sealed class Node
    {
        public Node? Next { get; set; }

        public Node? Other { get; set; }
    }

    private sealed class Dropping
    {
        public int Kept { get; set; }

        [field: NonSerialized]
        public int Derived { get; set; }

        [Newtonsoft.Json.JsonIgnore]
        public int Hidden { get; set; }

        [field: NonSerialized]
        public TaskCompletionSource? Signal { get; set; }
    }

    private sealed class Sealed
    {
        public string Name { get; set; } = "";

        public List<int> Numbers { get; } = [];

        public Guid?[] Ids { get; set; } = [];
    }

    private sealed class Named
    {
        public Dictionary<string, string?> Map { get; set; } = [];
    }

    private sealed class Misnamed
    {
        [Newtonsoft.Json.JsonProperty("$type")]
        public string Kind { get; set; } = "";

        [Newtonsoft.Json.JsonProperty("$id")]
        public int Number { get; set; }
    }

    private sealed class Listed
    {
        public IReadOnlyList<string> Names { get; set; } = [];

        public IEnumerable<int> Numbers { get; set; } = [];

        public IReadOnlyCollection<IShape> Shapes { get; set; } = [];

        public IEnumerable<string> Any { get; set; } = [];
    }

    private sealed class Frozen
    {
        public ImmutableArray<int> Values { get; set; }
    }

    private sealed class Loose
    {
        public object? Value { get; set; }
    }
}
