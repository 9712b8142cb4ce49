namespace OrleansGeo.Tests.Checks;

[Alias("test.intransaction")]
public interface IInTransaction : IGrainWithStringKey
{
    [Transaction(TransactionOption.CreateOrJoin)]
    [Alias("pay")]
    Task Pay();
}
