extension NewProject {
    /// What a new project consists of.
    static let files: [(path: String, text: String)] = [
        ("roost.yaml", profiles),
        ("feature-definitions/shop.yaml", definitions),
        ("pipelines/next_order.yaml", pipeline),
        ("input/orders.csv", orders),
        ("input/visits.csv", visits),
    ]

    private static let profiles = """
        # Where the stores are. Paths are relative to this folder, ${NAME} is an environment
        # variable, and `--profile NAME` picks another profile than `embedded`.
        profiles:
          embedded:
            online: lmdb:.roost/online
            offline: lake:.roost/lake
            registry: sqlite:.roost/registry.db

        """

    private static let definitions = """
        project: shop
        entities:
          - name: customer
            keys: { customer: string }
        sources:
          - name: orders
            event_time: ordered_at
            schema:
              customer: string
              amount: double
              ordered_at: timestamp
            batch:
              parquet: data/orders
          - name: visits
            event_time: visited_at
            schema:
              customer: string
              visited_at: timestamp
              bought: bool
            batch:
              parquet: data/visits
        views:
          - name: customer_orders
            entity: customer
            source: orders
            refresh: stream
            features:
              orders: count() over [7d, 30d]
              spent: sum(amount) over 30d
              last_amount: last(amount)
        services:
          - name: next_order
            features:
              - customer_orders.*

        """

    private static let pipeline = """
        name: next_order
        service: next_order
        spine:
          source: visits
          time: visited_at

        """

    private static let orders = """
        customer,amount,ordered_at
        ada,12.50,2026-01-02T09:00:00Z
        ada,40.00,2026-01-20T18:30:00Z
        bob,7.25,2026-01-21T08:15:00Z
        ada,3.00,2026-02-01T12:00:00Z

        """

    private static let visits = """
        customer,visited_at,bought
        ada,2026-01-20T18:00:00Z,true
        bob,2026-01-21T09:00:00Z,false
        ada,2026-02-02T10:00:00Z,false
        cyd,2026-02-02T11:00:00Z,true

        """
}
