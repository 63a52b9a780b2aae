select
    unit_id,
    month,
    delivery_id,
    agreed_days,
    contract_fte,
    agreed_fte,
    n_employees,
    permanent_staff,
    permanent_staff_once,
    leavers,
    movers,
    n_persons,
    n_persons_once,
    n_persons_effective
from {{ source('ops', 'kept_position_months') }}
